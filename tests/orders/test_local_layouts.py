"""A shop's export in its own language is read correctly, and what wasn't sold is left out."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.columns import REQUIRED
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.headers import plain_header
from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.local_layouts import LOCAL
from shopper_widgets.orders.reading import read_transactions
from tests.order_tables import table

#: Language → headers of order, date, status, customer, product, name, quantity, price and country; the format
#: of days; the statuses of two orders that were sold, and of one that wasn't.
EXPORTS = {
    "German": (
        "Bestell-Nr.;Bestelldatum;Bestellstatus;Kundennummer;Artikelnummer;Artikelbezeichnung;Menge;"
        "Einzelpreis;Land",
        "%d.%m.%Y",
        ("Abgeschlossen", "In Bearbeitung", "Warten auf Zahlungseingang von Bank"),
    ),
    "French": (
        "N° commande;Date de commande;Statut de la commande;Code client;Référence produit;Désignation;Qté;"
        "Prix unitaire;Pays",
        "%d/%m/%Y",
        ("Livrée", "En cours de préparation", "En attente de virement bancaire"),
    ),
    "Spanish": (
        "Nº de pedido;Fecha del pedido;Estado del pedido;ID de cliente;Código de producto;Descripción;"
        "Unidades;Precio unitario;País",
        "%d/%m/%Y",
        ("Entregado", "Procesando", "Error en el pago"),
    ),
    "Italian": (
        "Numero ordine;Data ordine;Stato ordine;Codice cliente;Codice articolo;Descrizione;Q.tà;"
        "Prezzo unitario;Nazione",
        "%d/%m/%Y",
        ("Consegnato", "Preparazione in corso", "In attesa di pagamento con assegno"),
    ),
    "Dutch": (
        "Bestelnummer;Besteldatum;Bestelstatus;Klantnummer;Artikelcode;Omschrijving;Aantal;Stukprijs;Land",
        "%d-%m-%Y",
        ("Verzonden", "Betaling aanvaard", "In afwachting van betaling per cheque"),
    ),
    "Polish": (
        "Numer zamówienia;Data zamówienia;Status zamówienia;ID klienta;Kod produktu;Nazwa produktu;Ilość;"
        "Cena jednostkowa;Kraj",
        "%d.%m.%Y",
        ("Dostarczone", "W trakcie realizacji", "Oczekiwanie na płatność czekiem"),
    ),
    "Portuguese": (
        "Número do pedido;Data da compra;Status do pedido;Código do cliente;Código do produto;Descrição;"
        "Quantidade;Valor unitário;País",
        "%d/%m/%Y",
        ("Entregue", "Preparação em andamento", "Aguardando o pagamento por cheque"),
    ),
    "Turkish": (
        "Sipariş No;Sipariş Tarihi;Sipariş Durumu;Müşteri No;Stok Kodu;Ürün Adı;Adet;Birim Fiyat;Ülke",
        "%d.%m.%Y",
        ("Teslim Edildi", "Kargoda", "İPTAL EDİLDİ"),
    ),
    "Indonesian": (
        "No. Pesanan;Waktu Pesanan Dibuat;Status Pesanan;Username (Pembeli);Nomor Referensi SKU;Nama Produk;"
        "Jumlah;Harga Setelah Diskon;Negara",
        "%d-%m-%Y",
        ("Selesai", "Sedang Dikirim", "Dibatalkan Pembeli"),
    ),
    "Malay": (
        "Nombor Pesanan;Tarikh Pesanan;Status;ID Pelanggan;Kod Produk;Nama Produk;Kuantiti;Harga Seunit;"
        "Negara",
        "%d/%m/%Y",
        ("Telah Dihantar", "Sedang Diproses", "Dibatalkan"),
    ),
    "Chinese": (
        "订单编号;订单创建时间;订单状态;买家会员名;商家编码;宝贝标题;购买数量;单价;国家",
        "%Y年%m月%d日",
        ("交易成功", "卖家已发货，等待买家确认", "交易关闭"),
    ),
    "Japanese": (
        "注文番号;注文日時;ステータス;注文者メールアドレス;商品番号;商品名;個数;単価;国",
        "%Y/%m/%d",
        ("発送済み", "発送待ち", "キャンセル"),
    ),
    "Korean": (
        "주문번호;주문일시;주문상태;구매자ID;상품코드;상품명;수량;판매가;국가",
        "%Y.%m.%d",
        ("구매확정", "배송중", "취소완료"),
    ),
    "Russian": (
        "Номер заказа;Дата заказа;Статус заказа;Код клиента;Артикул;Наименование товара;Кол-во;Цена;Страна",
        "%d.%m.%Y",
        ("Доставлен", "В обработке", "Отменён покупателем"),
    ),
}
#: Program → its headers in two languages; an order's own cells are on its first line only.
SALES = {
    "Tiendanube": (
        "Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Descuento;Total;Nombre del producto;"
        "Precio del producto;Cantidad del producto;SKU",
        ("Abierta", "Recibido", "Pendiente"),
    ),
    "Nuvemshop": (
        "Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Desconto;Total;Nome do Produto;"
        "Valor do Produto;Quantidade Comprada;SKU",
        ("Aberto", "Confirmado", "Recusado"),
    ),
}


def export(language: str) -> str:
    """Return two lines of one order, another order, and one that wasn't sold."""
    header, days, (sold, in_work, unsold) = EXPORTS[language]
    day = [datetime.date(2024, *on).strftime(days) for on in ((1, 31), (2, 13), (2, 14))]
    return f"""{header}
1001;{day[0]};{sold};K-7;T-1;Tasse grün;2;4,50;Österreich
1001;{day[0]};{sold};K-7;T-2;Łyżka;1;1.000,00;Österreich
1002;{day[1]};{in_work};K-8;T-1;Tasse grün;1;4,50;España
1003;{day[2]};{unsold};K-8;T-2;Łyżka;1;1.000,00;España
"""


def sales(program: str) -> str:
    header, (state, paid, unpaid) = SALES[program]
    return f"""{header}
1001;Ann@shop.example;31/01/2024 09:30:00;{state};{paid};9,00;1000,00;Taza;4,50;2;T-1
1001;Ann@shop.example;;;;;;Colher;1000,00;1;T-2
1002;ben@shop.example;13/02/2024 10:00:00;{state};{paid};0,00;4,50;Taza;4,50;1;T-1
1003;ben@shop.example;14/02/2024 10:00:00;{state};{unpaid};0,00;1000,00;Colher;1000,00;1;T-2
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def sold(path: Path) -> Any:
    cleaned = clean_transactions(read_transactions(path))
    assert cleaned.rejected[["order_id", "reason"]].to_numpy().tolist() == [["1003", "cancelled order"]]
    kept = cleaned.transactions
    assert kept["product_id"].tolist() == ["T-1", "T-2", "T-1"]
    assert kept["ordered_at"].dt.strftime("%m-%d").tolist() == ["01-31", "01-31", "02-13"]
    return kept


@pytest.mark.parametrize("language", EXPORTS)
def test_a_shops_own_language_is_read(language: str, tmp_path: Path) -> None:
    path = written(tmp_path / "orders.csv", export(language))
    layout = detect_layout(path)
    assert layout.name == f"{language} headers"
    assert {"product_name", "country"} <= layout.columns.keys()
    assert "status" in layout.checked
    kept = sold(path)
    assert kept["customer_id"].tolist() == ["K-7", "K-7", "K-8"]
    assert kept["amount"].tolist() == [9.0, 1000.0, 4.5]


@pytest.mark.parametrize("program", SALES)
def test_sales_of_tiendanube_and_nuvemshop(program: str, tmp_path: Path) -> None:
    path = written(tmp_path / "ventas.csv", sales(program))
    assert detect_layout(path).name == "Tiendanube and Nuvemshop sales"
    kept = sold(path)
    assert kept["customer_id"].tolist() == ["ann@shop.example"] * 2 + ["ben@shop.example"]
    # 9 off 1,009 is divided over both lines of its order
    assert kept["amount"].tolist() == pytest.approx([9 * 1000 / 1009, 1000 * 1000 / 1009, 4.5])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1254"])
def test_orders_of_trendyol_are_worth_what_is_invoiced(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "siparisler.csv"
    path.write_text(
        "Barkod;Sipariş Tarihi;Alıcı;Sipariş Numarası;Sipariş Statüsü;E-Posta;Ürün Adı;Stok Kodu;Adet;"
        "Birim Fiyatı;Satış Tutarı;İndirim Tutarı;Faturalanacak Tutar\n"
        "869001;31.01.2024 09:30;Ayşe Yıldız;1001;Teslim Edildi;a@x.example;Kahve Fincanı;K;2;"
        "100,50;201,00;21,00;180,00\n"
        "869002;31.01.2024 09:30;Ayşe Yıldız;1001;Teslim Edildi;a@x.example;Çay Bardağı;C;1;"
        "1.050,00;1.050,00;0,00;1.050,00\n"
        "869001;13.02.2024 10:00;Işık Öz;1002;İptal Edildi;b@x.example;Kahve Fincanı;K;1;"
        "100,50;100,50;0,00;100,50\n",
        encoding=encoding,
    )
    assert detect_layout(path).name == "Trendyol orders"
    cleaned = clean_transactions(read_transactions(path))
    assert cleaned.transactions["amount"].tolist() == [180.0, 1050.0]
    assert cleaned.transactions["product_name"].tolist() == ["Kahve Fincanı", "Çay Bardağı"]


@pytest.mark.parametrize(
    ("language", "encoding", "header", "price"),
    [
        ("Chinese", "gb18030", "订单号,下单时间,客户姓名,商品名称,数量,单价", "¥1,200.50"),
        ("Japanese", "cp932", "注文ID,注文日時,メールアドレス,商品名,数量,価格", "1,200円"),
        (
            "Indonesian",
            "utf-8",
            "Nomor Invoice,Tanggal Pembayaran,Nama Pembeli,Nama Produk,Jumlah,Harga",
            "Rp85.000",
        ),
        ("Korean", "cp949", "주문번호,주문일시,구매자명,상품명,수량,판매가", "12,000원"),
        ("Russian", "cp1251", "№ чека,Дата,Покупатель,Номенклатура,Количество,Цена", "1 250,50 руб."),
    ],
)
def test_a_shop_writes_in_its_own_letters_and_currency(
    language: str, encoding: str, header: str, price: str, tmp_path: Path
) -> None:
    names = {
        "Chinese": ("茶杯", "勺子"),
        "Japanese": ("カップ", "スプーン"),
        "Indonesian": ("Cangkir", "Sendok"),
        "Korean": ("머그컵", "숟가락"),
        "Russian": ("Кружка синяя", "Ложка чайная"),
    }
    one, other = names[language]
    path = tmp_path / "orders.csv"
    lines = [
        f'1001,2024-01-31 09:30,{one},{one},2,"{price}"',
        f'1002,2024-02-13 10:00,{other},{other},1,"{price}"',
    ]
    path.write_text("\n".join([header, *lines * 20]), encoding=encoding)
    read = read_transactions(path)
    assert detect_layout(path).name == f"{language} headers"
    assert read["product_name"].tolist()[:2] == [one, other]
    expected = {"Chinese": 1200.5, "Japanese": 1200.0, "Indonesian": 85000.0, "Korean": 12000.0}
    expected["Russian"] = 1250.5
    assert read["unit_price"].tolist()[0] == expected[language]


def test_letters_without_a_dot_or_with_a_stroke_do_not_count() -> None:
    assert plain_header("ALICI") == plain_header("Alıcı") == plain_header("Alici")
    assert plain_header("Płatność") == plain_header("platnosc")


def test_accents_do_not_count(tmp_path: Path) -> None:
    plain = export("French").replace("Référence", "Reference").replace("Désignation", "DESIGNATION")
    path = written(tmp_path / "orders.csv", plain.replace("Qté", "Qte"))
    assert detect_layout(path).columns["quantity"] == "Qte"


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        ("Portuguese", "Ordem de Compra;Data da Venda;ID Cliente;Cod Produto;Qtd Vendida;Valor Unitario"),
        ("French", "numero_commande;date;num_client;code_produit;qte;prix_unitaire"),
        ("Spanish", "Nro Pedido;Fecha Pedido;Cod Cliente;Codigo Producto;Cant.;Precio Unitario"),
        ("Italian", "Nr Ordine;Data Ordine;Cod. Cliente;Cod Prodotto;Quantita;Prezzo Unitario"),
        ("Spanish", "id_venta;fecha_venta;id_cliente;id_producto;cantidad_vendida;precio_unitario"),
        ("Polish", "transakcja_id;data;klient_id;produkt;ilość;cena"),
        # what has no number is identified by its name
        ("German", "Beleg;Datum;Kunde;Artikel;Menge;Preis"),
        ("French", "Facture;Date de vente;Client;Produit;Quantité vendue;Prix"),
        ("French", "Référence commande;Date commande;Client;Produit;Quantité;Prix"),
        ("Dutch", "Factuur;Verkoopdatum;Klant;Product;Aantal;Verkoopprijs"),
    ],
)
def test_short_forms_and_left_out_articles_are_understood(language: str, headers: str) -> None:
    order, date, customer, product, quantity, price = headers.split(";")
    layout = detect_layout(pd.DataFrame(columns=headers.split(";")))
    assert layout.name == f"{language} headers"
    assert [layout.columns[column] for column in REQUIRED] == [
        {
            "order_id": order,
            "product_id": product,
            "customer_id": customer,
            "ordered_at": date,
            "quantity": quantity,
            "unit_price": price,
        }[column]
        for column in REQUIRED
    ]


def test_of_several_numbers_the_one_that_says_most_counts() -> None:
    headers = (
        "id_pedido,numero_pedido,data_pedido,cliente,situacao,id_produto,codigo_produto,descricao_produto,"
        "quantidade,valor_unitario,valor_total_item,data_pedido_dt,desconto_pct"
    )
    layout = detect_layout(pd.DataFrame(columns=headers.split(",")))
    assert layout.columns == {
        "order_id": "numero_pedido",
        "product_id": "codigo_produto",
        "customer_id": "cliente",
        "ordered_at": "data_pedido",
        "quantity": "quantidade",
        "unit_price": "valor_unitario",
        "product_name": "descricao_produto",
        "amount": "valor_total_item",
    }
    assert layout.checked == {"status": "situacao", "line_discount": "desconto_pct"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Invoice No,Date,Customer ID,Client,Article,Quantity,Total", {"customer_id": "Customer ID"}),
        (
            "Order ID,Date,Email,SKU,Product,Quantity,Price,Total",
            {"product_id": "SKU", "unit_price": "Price", "amount": "Total"},
        ),
        ("order_id,date,email,product,amount,total", {"amount": "amount"}),
        ("Order Date,Client,SKU,Qty,Price,Total,Date", {"ordered_at": "Order Date"}),
        ("Order Number,Date,User ID,Email,SKU,Product,Line Total,Total,Country", {"customer_id": "User ID"}),
        ("Order ID,Date,Client,Customer Ref,SKU,Quantity,Price", {"customer_id": "Client"}),
        (
            "Numéro de commande;Date de commande;Code client;SKU;Nom du produit;Produit;Quantité;"
            "Prix unitaire",
            {"product_id": "SKU"},
        ),
        (
            "Numéro de commande;Date de commande;Code client;Code article;Désignation;Article;Quantité;"
            "Prix unitaire",
            {"product_id": "Code article"},
        ),
        ("ID commande;Commande;Date;Client;SKU;Quantité;Prix unitaire", {"order_id": "ID commande"}),
        (
            "N° commande;Date de commande;Email;Product ID;Désignation;Qty;Prix unitaire",
            {"product_id": "Product ID", "product_name": "Désignation"},
        ),
        (
            "id_invoice,tanggal,id_customer,customer,id_barang,jumlah_barang,harga",
            {"order_id": "id_invoice", "customer_id": "id_customer", "quantity": "jumlah_barang"},
        ),
        # as many headers are English: those of another language are borrowed
        (
            "Transaction ID,Date,Customer ID,Client,SKU,Description,Cantidad,Einzelpreis,Total,Filiale",
            {"customer_id": "Customer ID"},
        ),
    ],
)
def test_what_several_headers_could_be_is_what_says_most(headers: str, expected: dict[str, str]) -> None:
    columns = detect_layout(pd.DataFrame(columns=headers.replace(";", ",").split(","))).columns
    assert expected.items() <= columns.items()


@pytest.mark.parametrize(
    "headers",
    [
        # unknown headers of units and orders: a price isn't the amount of a line, nor a day an order
        "Data;Cliente;Articolo;Pezzi;Prezzo unitario",
        "Rechnungsnr;Datum;Kundennr;Artikelnr;VPE;Einzelpreis",
        "Bestellung Nr.;Datum;Kunde;Artikel;Menge;Preis",
        "Folio;Fecha;Cliente;Producto;Cantidad;Precio unitario",
        # two columns of customer numbers, in two languages
        "Order ID;Kunde;Customer ID;Datum;Produkt;Product ID;Menge;Preis",
    ],
)
def test_what_a_word_that_is_not_known_may_tell_is_not_assumed(headers: str) -> None:
    with pytest.raises(ValueError, match=r"lacks the column\(s\)"):
        detect_layout(pd.DataFrame(columns=headers.split(";")))


def test_a_total_of_an_order_is_no_lines_amount() -> None:
    headers = "Número do pedido;Data;Cliente;SKU;Quantidade;Preço unitário;Total do pedido"
    layout = detect_layout(pd.DataFrame(columns=headers.split(";")))
    assert "amount" not in layout.columns and layout.columns["unit_price"] == "Preço unitário"


def test_lines_without_numbers_of_orders_are_those_of_a_customers_day(tmp_path: Path) -> None:
    lines = "2024-01-03;Ana;Té;2;4,50\n2024-01-03;Ana;Pan;1;2,25\n2024-01-04;Ana;Té;1;4,50\n"
    path = written(tmp_path / "ventas.csv", f"fecha;cliente;producto;cantidad;precio_unitario\n{lines}")
    read = read_transactions(path)
    assert read["order_id"].tolist() == ["Ana 2024-01-03", "Ana 2024-01-03", "Ana 2024-01-04"]
    assert any("what a customer bought on one day counts as one" in note for note in read.attrs["notes"])


def test_a_line_with_a_total_and_no_quantity_is_one_unit(tmp_path: Path) -> None:
    lines = "R1;03.01.2024;K7;TEE;4,50\nR2;15.01.2024;K8;BROT;2,25\n"
    path = written(tmp_path / "umsatz.csv", f"Rechnungsnr;Datum;Kundennr;Artikelnr;Betrag\n{lines}")
    assert read_transactions(path)[["quantity", "amount"]].to_numpy().tolist() == [[1, 4.5], [1, 2.25]]


@pytest.mark.parametrize(
    ("language", "headers", "expected"),
    [
        (
            "German",
            "BestellID;KundenID;ProduktID;Menge;Bestelldatum;Product_name;Preis;Country",
            {"product_name": "Product_name", "country": "Country"},
        ),
        (
            "Spanish",
            "Order ID;Fecha;Cliente;SKU;Cantidad;Precio unitario;Total",
            {"order_id": "Order ID", "amount": "Total"},
        ),
        ("Polish", "Numer zamówienia;Date;Klient;Produkt;Ilość;Amount", {"amount": "Amount"}),
    ],
)
def test_some_headers_in_english_are_read_too(language: str, headers: str, expected: dict[str, str]) -> None:
    layout = detect_layout(pd.DataFrame(columns=headers.split(";")))
    assert layout.name == f"{language} headers"
    assert expected.items() <= layout.columns.items()


@pytest.mark.parametrize(
    ("headers", "order", "when"),
    [
        ("CodigoFactura;Cliente;Producto;Precio;Cantidad;FechaHora;Sucursal", "CodigoFactura", "FechaHora"),
        ("factura_id;fecha;cliente;producto;cantidad;precio;caja", "factura_id", "fecha"),
        ("id_facture;date_heure;client;produit;quantité;prix;caisse", "id_facture", "date_heure"),
        ("Rechnungs-ID;Datum/Uhrzeit;Kunde;Artikel;Menge;Preis;Kasse", "Rechnungs-ID", "Datum/Uhrzeit"),
        ("codice_fattura;Data e ora;cliente;prodotto;quantità;prezzo;cassa", "codice_fattura", "Data e ora"),
        ("nota_fiscal_id;data_hora;cliente;produto;quantidade;preço;caixa", "nota_fiscal_id", "data_hora"),
        ("id faktury;data i godzina;klient;produkt;ilość;cena;kasa", "id faktury", "data i godzina"),
        ("pedido_id;factura_id;fecha;cliente;producto;cantidad;precio", "pedido_id", "fecha"),
        ("facture_id;commande_id;date;client;produit;quantité;prix", "commande_id", "date"),
    ],
)
def test_an_id_or_code_is_a_number_and_a_time_stands_beside_its_date(
    headers: str, order: str, when: str
) -> None:
    columns = detect_layout(pd.DataFrame(columns=headers.split(";"))).columns
    assert (columns["order_id"], columns["ordered_at"]) == (order, when)


def test_what_is_missing_is_named_in_its_language(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.csv", export("Dutch").replace("Klantnummer", "Wie"))
    with pytest.raises(
        ValueError, match="closest layout is Dutch headers, where customer_id is 'Klantnummer'"
    ):
        detect_layout(path)


def test_each_layout_has_what_is_needed_and_nothing_twice() -> None:
    for layout in LOCAL:
        assert {*REQUIRED} <= layout.headers.keys()
        for known in layout.headers.values():
            plain = [plain_header(header) for header in known]
            assert len({*plain}) == len(plain)
            assert all(plain)


@pytest.mark.parametrize(
    ("headers", "amounts"),
    [
        ("Banyaknya,Harga Satuan,Jumlah", [6000.0, 30012.0]),
        ("Qty,Harga,Jumlah", [6000.0, 30012.0]),
        ("Qty,Harga,Jumlah Harga", [6000.0, 30012.0]),
    ],
)
def test_jumlah_is_a_sum_beside_a_quantity(headers: str, amounts: list[float]) -> None:
    lines = table(
        f"No. Nota,Tanggal,Nama Pelanggan,Nama Barang,{headers}\n"
        "F1,2024-01-15,Ani,Sabun,2,3000,6000\nF2,2024-01-16,Budi,Teh,3,10004,30012"
    )
    read = read_transactions(lines)
    assert (read["quantity"].tolist(), read["amount"].tolist()) == ([2, 3], amounts)


def test_jumlah_is_a_quantity_where_no_other_is_there() -> None:
    lines = table(
        "No. Nota,Tanggal,Nama Pelanggan,Nama Barang,Jumlah,Harga\n"
        "F1,2024-01-15,Ani,Sabun,2,3000\nF2,2024-01-16,Budi,Teh,3,10004"
    )
    read = read_transactions(lines)
    assert read["quantity"].tolist() == [2, 3] and "amount" not in read


@pytest.mark.parametrize(
    ("number", "name", "mail", "others"),
    [
        ("会員ID", "顧客名", "メールアドレス", "注文番号,商品名,注文日,数量,単価"),
        ("会員ID", "注文者名", "メールアドレス", "注文番号,商品名,注文日,数量,単価"),
        ("Müşteri No", "Müşteri", "E-Posta", "Sipariş No,Ürün,Sipariş Tarihi,Adet,Birim Fiyat"),
        ("客户编号", "客户", "邮箱", "订单编号,商品名称,订单日期,数量,单价"),
        ("ID Pelanggan", "Pelanggan", "Email", "No. Pesanan,Nama Produk,Tanggal Pesanan,Kuantitas,Harga"),
    ],
)
def test_people_of_one_name_are_told_apart_by_their_addresses(
    number: str, name: str, mail: str, others: str
) -> None:
    lines = table(
        f"{others},{number},{name},{mail}\n"
        "1,A,2024-01-15,1,100,,Ali,a@shop.example\n2,B,2024-01-16,1,100,,Ali,b@shop.example"
    )
    assert read_transactions(lines)["customer_id"].tolist() == ["a@shop.example", "b@shop.example"]


@pytest.mark.parametrize(
    ("quantity", "prices"), [("2", ("Rp12.000", "Rp25,000")), ("1,500", ("Rp12.000", "Rp25.000"))]
)
def test_money_without_pennies_proves_no_mark_beside_another(quantity: str, prices: tuple[str, str]) -> None:
    rows = [f'{i},A,ann,2024-01-15,"{quantity}","{price}"' for i, price in enumerate(prices)]
    lines = table("\n".join(["order_id,product_id,customer_id,ordered_at,quantity,unit_price", *rows]))
    with pytest.raises(ValueError, match="can be read in two ways"):
        read_transactions(lines)


@pytest.mark.parametrize("total", ["주문금액", "결제금액", "총 결제금액"])
def test_a_total_of_a_korean_order_is_no_lines_beside_an_amount(total: str) -> None:
    headers = ["주문번호", "주문일시", "고객ID", "상품번호", "수량"]
    assert detect_layout(pd.DataFrame(columns=[*headers, total, "금액"])).columns["amount"] == "금액"
    lines = [[order, "2024-01-31", order, item, 1, 300 * order] for order in (1, 2) for item in "AB"]
    with pytest.raises(ValueError, match="it is the total of an order"):
        read_transactions(pd.DataFrame(lines, columns=[*headers, total]))
