"""The headers of order tables in Indonesian, Malay, Chinese, Japanese and Korean, as shops write them."""

from __future__ import annotations

from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    UNIT_PRICE,
)
from shopper_widgets.orders.known_layouts import CURRENCY, REFUNDED_AMOUNT, STATUS, KnownLayout

#: Part of `orders.local_layouts.LOCAL`.
ASIAN = (
    # includes the headers of Shopee's and Tokopedia's sellers
    KnownLayout(
        "Indonesian headers",
        {
            ORDER_ID: (
                *("No. Pesanan", "Nomor Pesanan", "ID Pesanan", "Nomor Invoice", "No. Invoice", "No. Faktur"),
                *("Nomor Faktur", "Nomor Transaksi", "No. Transaksi", "ID Transaksi", "Kode Transaksi"),
                *("No. Nota", "Nomor Nota"),
            ),
            PRODUCT_ID: (
                *("Nomor Referensi SKU", "Nomor SKU", "SKU Induk", "SKU", "Kode Produk", "ID Produk"),
                *("Kode Barang", "ID Barang", "Nama Produk", "Nama Barang", "Produk", "Barang"),
            ),
            PRODUCT_NAME: ("Nama Produk", "Nama Barang", "Deskripsi Produk", "Produk", "Barang"),
            CUSTOMER_ID: (
                *("ID Pelanggan", "Kode Pelanggan", "No. Pelanggan", "ID Pembeli", "Username (Pembeli)"),
                *("Email Pembeli", "Email Pelanggan", "Email", "Nama Pelanggan"),
                *("Nama Pembeli", "Pelanggan", "Pembeli", "Nama Penerima"),
            ),
            COUNTRY: ("Negara",),
            ORDERED_AT: (
                *("Waktu Pesanan Dibuat", "Tanggal Pesanan Dibuat", "Tanggal Pesanan", "Tanggal Pemesanan"),
                *("Tanggal Order", "Tanggal Pembayaran", "Waktu Pembayaran Dilakukan", "Tanggal Pembelian"),
                *("Tanggal Transaksi", "Tanggal Penjualan", "Tanggal"),
            ),
            # "Jumlah" alone may be a quantity or a sum: see `layouts`
            QUANTITY: (
                *("Jumlah Produk Dibeli", "Jumlah Barang", "Jumlah Produk", "Kuantitas", "Banyaknya", "Qty"),
                "Jumlah",
            ),
            UNIT_PRICE: (
                *("Harga Setelah Diskon", "Harga Jual", "Harga Jual (IDR)", "Harga Satuan", "Harga Produk"),
                *("Harga Barang", "Harga"),
            ),
            AMOUNT: (
                *(
                    "Total Harga Produk",
                    "Total Penjualan",
                    "Total Penjualan (IDR)",
                    "Total Harga",
                    "Jumlah Harga",
                    "Subtotal",
                ),
                *("Total Bayar", "Total", "Jumlah"),
            ),
            CURRENCY: ("Mata Uang",),
            STATUS: ("Status Pesanan", "Status Terakhir", "Status Transaksi", "Status"),
        },
        general=True,
    ),
    KnownLayout(
        "Malay headers",
        {
            ORDER_ID: (
                "No. Pesanan",
                "Nombor Pesanan",
                "ID Pesanan",
                "No. Invois",
                "Nombor Invois",
                "No. Resit",
            ),
            PRODUCT_ID: ("Kod Produk", "ID Produk", "Kod Barang", "SKU", "Nama Produk", "Produk", "Barang"),
            PRODUCT_NAME: ("Nama Produk", "Nama Barang", "Keterangan", "Produk", "Barang"),
            CUSTOMER_ID: (
                *("ID Pelanggan", "No. Pelanggan", "Kod Pelanggan", "ID Pembeli", "Emel Pelanggan"),
                *("Emel", "Nama Pelanggan", "Nama Pembeli", "Pelanggan", "Pembeli"),
            ),
            COUNTRY: ("Negara",),
            ORDERED_AT: ("Tarikh Pesanan", "Tarikh Pembelian", "Tarikh Jualan", "Tarikh Invois", "Tarikh"),
            QUANTITY: ("Kuantiti", "Bilangan"),
            UNIT_PRICE: ("Harga Seunit", "Harga Unit", "Harga Jualan", "Harga"),
            AMOUNT: ("Jumlah Harga", "Jumlah Jualan", "Jumlah"),
            CURRENCY: ("Mata Wang",),
            STATUS: ("Status Pesanan", "Status"),
        },
        general=True,
    ),
    # includes the headers of Taobao's, JD's and Youzan's sellers
    KnownLayout(
        "Chinese headers",
        {
            ORDER_ID: (
                *(
                    "订单编号",
                    "订单号",
                    "主订单编号",
                    "主订单号",
                    "订单ID",
                    "订单流水号",
                    "交易编号",
                    "交易号",
                ),
                *("流水号", "小票号", "单据编号", "单号"),
            ),
            PRODUCT_ID: (
                *("商品编码", "商品编号", "商品ID", "商品代码", "商家编码", "规格编码", "货号", "产品编号"),
                *(
                    "产品编码",
                    "产品ID",
                    "条码",
                    "SKU",
                    "商品名称",
                    "商品标题",
                    "宝贝标题",
                    "产品名称",
                    "商品",
                ),
            ),
            PRODUCT_NAME: (
                *(
                    "商品名称",
                    "商品标题",
                    "宝贝标题",
                    "宝贝名称",
                    "产品名称",
                    "商品名",
                    "产品名",
                    "品名",
                    "商品",
                ),
                *("产品", "标题"),
            ),
            CUSTOMER_ID: (
                *("客户ID", "客户编号", "客户编码", "客户号", "顾客ID", "顾客编号", "会员ID", "会员编号"),
                *("会员号", "会员卡号", "用户ID", "买家ID", "买家会员名", "买家昵称", "下单帐号", "下单账号"),
                *("用户名", "买家手机号", "会员名称", "客户名称", "客户姓名", "客户", "顾客", "会员", "买家"),
                *("收货人姓名", "收货人", "买家邮箱", "買家邮箱", "客户邮箱", "电子邮箱", "邮箱"),
            ),
            COUNTRY: ("国家", "国家/地区", "收货国家"),
            ORDERED_AT: (
                *("订单创建时间", "下单时间", "下单日期", "订单日期", "订单时间", "创建时间", "订单付款时间"),
                *(
                    "付款时间",
                    "支付时间",
                    "成交时间",
                    "交易时间",
                    "交易日期",
                    "购买时间",
                    "购买日期",
                    "销售日期",
                ),
                *("销售时间", "日期", "时间"),
            ),
            QUANTITY: (
                *(
                    "购买数量",
                    "宝贝总数量",
                    "宝贝数量",
                    "商品数量",
                    "订购数量",
                    "订单数量",
                    "销售数量",
                    "数量",
                ),
                *("件数", "销量"),
            ),
            UNIT_PRICE: ("商品单价", "销售单价", "单价", "商品价格", "京东价", "售价", "价格"),
            AMOUNT: (
                *("买家实际支付金额", "买家实付金额", "实付金额", "实际支付金额", "支付金额", "商品总价"),
                *(
                    "商品金额小计",
                    "小计",
                    "销售额",
                    "销售金额",
                    "成交金额",
                    "订单金额",
                    "总金额",
                    "总价",
                    "金额",
                ),
            ),
            CURRENCY: ("币种", "货币"),
            STATUS: ("订单状态", "交易状态", "状态"),
            REFUNDED_AMOUNT: ("退款金额",),
        },
        general=True,
    ),
    # includes the headers of Rakuten's, BASE's, STORES', Color Me's and EC-CUBE's shops
    KnownLayout(
        "Japanese headers",
        {
            ORDER_ID: (
                *(
                    "注文番号",
                    "注文ID",
                    "受注番号",
                    "オーダー番号",
                    "注文No",
                    "売上ID",
                    "売上番号",
                    "伝票番号",
                ),
                *("取引番号", "レシート番号"),
            ),
            PRODUCT_ID: (
                *("商品番号", "商品コード", "商品管理番号", "商品ID", "品番", "購入商品 型番", "型番", "SKU"),
                *("JANコード", "商品名", "アイテム名", "購入商品 商品名", "品名", "商品"),
            ),
            PRODUCT_NAME: ("商品名", "商品名称", "アイテム名", "購入商品 商品名", "品名", "商品"),
            CUSTOMER_ID: (
                *(
                    "会員ID",
                    "会員番号",
                    "顧客ID",
                    "顧客番号",
                    "顧客コード",
                    "得意先コード",
                    "注文者メールアドレス",
                ),
                *(
                    "購入者 メールアドレス",
                    "メールアドレス",
                    "購入者 名前",
                    "注文者氏名",
                    "注文者名",
                    "顧客名",
                ),
                *("得意先名", "お客様名", "購入者名", "氏名"),
            ),
            COUNTRY: ("国", "国名"),
            ORDERED_AT: (
                *("注文日時", "注文日", "受注日時", "受注日", "購入日時", "購入日", "売上日時", "売上日"),
                *("販売日", "取引日時", "取引日", "日時", "日付"),
            ),
            QUANTITY: (
                "個数",
                "数量",
                "購入商品 販売個数",
                "販売個数",
                "購入数",
                "注文数",
                "販売数量",
                "点数",
            ),
            UNIT_PRICE: (
                *(
                    "単価",
                    "商品単価",
                    "購入商品 販売価格(消費税込)",
                    "購入商品 販売価格",
                    "販売価格",
                    "販売単価",
                ),
                *("商品価格", "税込価格", "価格"),
            ),
            AMOUNT: (
                "小計",
                "購入商品 小計",
                "商品小計",
                "商品合計金額",
                "売上金額",
                "金額",
                "合計金額",
                "合計",
            ),
            CURRENCY: ("通貨",),
            STATUS: ("ステータス", "注文ステータス", "受注ステータス", "対応状況", "注文状況", "発送状況"),
        },
        general=True,
    ),
    # includes the headers of Naver's, Coupang's and cafe24's shops
    KnownLayout(
        "Korean headers",
        {
            ORDER_ID: ("주문번호", "주문ID", "주문 코드", "거래번호", "영수증번호", "전표번호", "판매번호"),
            PRODUCT_ID: (
                *("상품번호", "상품코드", "상품ID", "판매자 상품코드", "업체상품코드", "노출상품ID"),
                *("제품코드", "제품번호", "품목코드", "품번", "바코드", "SKU", "상품명", "제품명"),
                *("품목명", "상품", "제품", "품목"),
            ),
            PRODUCT_NAME: (
                *("상품명", "상품명(한국어 쇼핑몰)", "등록상품명", "노출상품명(옵션명)", "제품명"),
                *("품목명", "품명", "상품", "제품", "품목"),
            ),
            CUSTOMER_ID: (
                *("고객ID", "고객번호", "고객코드", "회원ID", "회원번호", "주문자ID", "구매자ID"),
                *("주문자 이메일", "구매자 이메일", "이메일", "구매자명", "주문자명", "고객명", "구매자"),
                *("주문자", "고객", "회원", "거래처명"),
            ),
            COUNTRY: ("국가",),
            ORDERED_AT: (
                *("주문일시", "주문일자", "주문일", "주문시간", "결제일시", "결제일자", "결제일"),
                *("구매일시", "구매일자", "구매일", "거래일시", "거래일자", "거래일", "판매일자", "판매일"),
                *("일시", "일자", "날짜"),
            ),
            QUANTITY: ("수량", "주문수량", "구매수량", "구매수(수량)", "판매수량", "개수"),
            UNIT_PRICE: (
                *("단가", "판매단가", "옵션판매가(판매단가)", "판매가", "상품가격", "상품금액", "가격"),
            ),
            AMOUNT: (
                *("최종 상품별 총 주문금액", "상품별 총 주문금액", "상품구매금액", "판매금액", "매출액"),
                *("매출", "금액"),
                # mostly the total of an order
                *("결제액", "결제금액", "총 결제금액", "총 실결제금액", "주문금액", "총금액", "합계"),
            ),
            CURRENCY: ("통화",),
            STATUS: ("주문상태", "주문세부상태", "배송상태", "상태"),
        },
        general=True,
    ),
)
