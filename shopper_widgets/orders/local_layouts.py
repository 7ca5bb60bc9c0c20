"""The headers of order tables in languages other than English, as shops and their programs write them.

Those of Asia stand in `orders.asian_layouts`.

Accents don't count: "Numero" is "Número". What a total means, of a line or of an order, the lines themselves
tell: see `orders.order_money`.
"""

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
from shopper_widgets.orders.asian_layouts import ASIAN
from shopper_widgets.orders.known_layouts import (
    CANCELLED_AT,
    CURRENCY,
    LINE_DISCOUNT,
    ORDER_DISCOUNT,
    PAYMENT_STATUS,
    STATUS,
    KnownLayout,
)

#: Tried after those of programs that write English headers.
LOCAL = (
    # the list of sales as its administration exports it, in Spanish and in Portuguese
    KnownLayout(
        "Tiendanube and Nuvemshop sales",
        {
            ORDER_ID: ("Número de orden", "Número do pedido"),
            PRODUCT_ID: ("SKU", "Nombre del producto", "Nome do produto"),
            PRODUCT_NAME: ("Nombre del producto", "Nome do produto"),
            CUSTOMER_ID: ("Email", "Nombre del comprador", "Nome do comprador"),
            COUNTRY: ("País",),
            ORDERED_AT: ("Fecha", "Data"),
            QUANTITY: ("Cantidad del producto", "Quantidade comprada"),
            UNIT_PRICE: ("Precio del producto", "Valor do produto"),
            CURRENCY: ("Moneda", "Moeda"),
            STATUS: ("Estado de la orden", "Status do pedido"),
            PAYMENT_STATUS: ("Estado del pago", "Status do pagamento"),
            CANCELLED_AT: ("Fecha y hora de cancelación", "Data e hora do cancelamento"),
            ORDER_DISCOUNT: ("Descuento", "Desconto"),
        },
        order_once=True,
    ),
    # the list of orders of its sellers' panel; what is invoiced is after both discounts
    KnownLayout(
        "Trendyol orders",
        {
            ORDER_ID: ("Sipariş Numarası",),
            PRODUCT_ID: ("Barkod", "Stok Kodu", "Ürün Adı"),
            PRODUCT_NAME: ("Ürün Adı",),
            CUSTOMER_ID: ("E-Posta", "Müşteri", "Alıcı"),
            COUNTRY: ("Ülke",),
            ORDERED_AT: ("Sipariş Tarihi",),
            QUANTITY: ("Adet",),
            UNIT_PRICE: ("Birim Fiyatı",),
            AMOUNT: ("Faturalanacak Tutar",),
            STATUS: ("Sipariş Statüsü",),
            LINE_DISCOUNT: ("İndirim Tutarı",),
        },
        net_totals=True,
    ),
    KnownLayout(
        "German headers",
        {
            ORDER_ID: (
                *("Bestellnummer", "Bestellnr", "Bestell-ID", "Auftragsnummer", "Auftragsnr"),
                *("Rechnungsnummer", "Rechnungsnr", "Belegnummer", "Belegnr"),
            ),
            PRODUCT_ID: (
                *("Artikelnummer", "Artikelnr", "Art.-Nr.", "Artikel-ID", "Produktnummer", "Produkt-ID"),
                *("SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Artikelbezeichnung", "Artikelname", "Produktname", "Produktbezeichnung", "Bezeichnung"),
                *("Artikel", "Produkt"),
            ),
            CUSTOMER_ID: (
                *("Kundennummer", "Kundennr", "Kd.-Nr.", "Kunden-ID", "Kunden-E-Mail", "E-Mail-Adresse"),
                "E-Mail",
            ),
            COUNTRY: ("Land", "Rechnungsland", "Lieferland"),
            ORDERED_AT: (
                *("Bestelldatum", "Auftragsdatum", "Kaufdatum", "Verkaufsdatum", "Rechnungsdatum"),
                *("Belegdatum", "Datum"),
            ),
            QUANTITY: ("Menge", "Anzahl", "Stückzahl", "Bestellmenge"),
            UNIT_PRICE: (
                *("Einzelpreis", "Einzelpreis brutto", "Einzelpreis netto", "Stückpreis", "Artikelpreis"),
                *("Verkaufspreis", "Preis"),
            ),
            AMOUNT: ("Positionssumme", "Zeilensumme", "Gesamtpreis", "Umsatz"),
        },
        general=True,
    ),
    KnownLayout(
        "French headers",
        {
            ORDER_ID: (
                *("Numéro de commande", "Numéro commande", "N° de commande", "N° commande", "No commande"),
                *("Référence commande", "Référence de la commande", "ID commande", "Commande"),
                *("Numéro de facture", "N° de facture", "N° facture"),
            ),
            PRODUCT_ID: (
                *("Référence produit", "Référence article", "Réf. produit", "Réf. article", "Code produit"),
                *("Code article", "ID produit", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Nom du produit", "Nom produit", "Désignation", "Libellé produit", "Libellé article"),
                *("Libellé", "Produit", "Article"),
            ),
            CUSTOMER_ID: (
                *("Code client", "Numéro client", "Numéro de client", "N° client", "ID client"),
                *("Référence client", "E-mail client", "Adresse e-mail", "E-mail"),
            ),
            COUNTRY: (
                "Pays",
                "Pays de facturation",
                "Pays facturation",
                "Pays de livraison",
                "Pays livraison",
            ),
            ORDERED_AT: (
                *("Date de commande", "Date de la commande", "Date commande", "Date d'achat"),
                *("Date de facture", "Date facture", "Date"),
            ),
            QUANTITY: ("Quantité", "Quantité commandée", "Qté"),
            UNIT_PRICE: (
                *("Prix unitaire", "Prix unitaire TTC", "Prix unitaire HT", "PU TTC", "PU HT"),
                *("Prix de vente", "Prix"),
            ),
            AMOUNT: ("Total ligne", "Montant ligne", "Prix total", "Montant", "Montant TTC", "Montant HT"),
        },
        general=True,
    ),
    KnownLayout(
        "Spanish headers",
        {
            ORDER_ID: (
                *("Número de pedido", "N° de pedido", "No de pedido", "N° pedido", "No pedido"),
                *("ID de pedido", "ID del pedido", "Número de orden", "ID de orden", "Pedido"),
                *("Número de factura", "N° factura", "No factura"),
            ),
            PRODUCT_ID: (
                *("Referencia del producto", "Referencia producto", "Código de producto", "Código producto"),
                *("Código del producto", "Código de artículo", "Código artículo", "ID de producto"),
                *("ID del producto", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Nombre del producto", "Nombre de producto", "Nombre producto", "Descripción"),
                *("Producto", "Artículo"),
            ),
            CUSTOMER_ID: (
                *("ID de cliente", "ID del cliente", "ID cliente", "Código de cliente", "Código cliente"),
                *("Número de cliente", "N° cliente", "Email del cliente", "Correo electrónico", "Email"),
            ),
            COUNTRY: ("País", "País de facturación", "País de envío"),
            ORDERED_AT: (
                *("Fecha del pedido", "Fecha de pedido", "Fecha pedido", "Fecha de compra"),
                *("Fecha de venta", "Fecha de factura", "Fecha"),
            ),
            QUANTITY: ("Cantidad", "Unidades", "Cantidad del producto"),
            UNIT_PRICE: ("Precio unitario", "Precio por unidad", "Precio del producto", "Precio"),
            AMOUNT: ("Total línea", "Importe línea", "Importe", "Precio total"),
        },
        general=True,
    ),
    KnownLayout(
        "Italian headers",
        {
            ORDER_ID: (
                *("Numero ordine", "Numero d'ordine", "N. ordine", "Nr. ordine", "ID ordine", "Ordine"),
                *("Numero fattura", "N. fattura"),
            ),
            PRODUCT_ID: (
                *("Codice articolo", "Codice prodotto", "Cod. articolo", "Riferimento prodotto"),
                *("ID prodotto", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Nome prodotto", "Nome del prodotto", "Descrizione articolo", "Descrizione"),
                *("Prodotto", "Articolo"),
            ),
            CUSTOMER_ID: (
                *("Codice cliente", "ID cliente", "Numero cliente", "Email cliente", "Indirizzo email"),
                "Email",
            ),
            COUNTRY: ("Paese", "Nazione", "Paese di fatturazione", "Paese di spedizione"),
            ORDERED_AT: ("Data ordine", "Data dell'ordine", "Data acquisto", "Data fattura", "Data"),
            QUANTITY: ("Quantità", "Q.tà"),
            UNIT_PRICE: ("Prezzo unitario", "Prezzo di vendita", "Prezzo"),
            AMOUNT: ("Totale riga", "Importo riga", "Prezzo totale", "Importo"),
        },
        general=True,
    ),
    KnownLayout(
        "Dutch headers",
        {
            ORDER_ID: ("Bestelnummer", "Ordernummer", "Bestelling", "Factuurnummer"),
            PRODUCT_ID: (
                *("Artikelnummer", "Artikelcode", "Productcode", "Productnummer", "Product-ID", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Productnaam", "Artikelnaam", "Productomschrijving", "Artikelomschrijving"),
                *("Omschrijving", "Product", "Artikel"),
            ),
            CUSTOMER_ID: ("Klantnummer", "Klant-ID", "Klantcode", "E-mailadres", "E-mail"),
            COUNTRY: ("Land", "Factuurland", "Verzendland"),
            ORDERED_AT: ("Besteldatum", "Orderdatum", "Aankoopdatum", "Factuurdatum", "Datum"),
            QUANTITY: ("Aantal", "Hoeveelheid"),
            UNIT_PRICE: ("Stukprijs", "Prijs per stuk", "Eenheidsprijs", "Prijs"),
            AMOUNT: ("Regeltotaal", "Totaalprijs", "Bedrag"),
        },
        general=True,
    ),
    KnownLayout(
        "Polish headers",
        {
            ORDER_ID: ("Numer zamówienia", "Nr zamówienia", "ID zamówienia", "Numer faktury", "Nr faktury"),
            PRODUCT_ID: ("Kod produktu", "Numer produktu", "ID produktu", "Kod towaru", "SKU", "EAN"),
            PRODUCT_NAME: ("Nazwa produktu", "Nazwa towaru", "Produkt", "Towar"),
            CUSTOMER_ID: (
                *("ID klienta", "Numer klienta", "Nr klienta", "Kod klienta", "E-mail klienta"),
                *("Adres e-mail", "E-mail"),
            ),
            COUNTRY: ("Kraj", "Kraj dostawy"),
            ORDERED_AT: (
                *("Data zamówienia", "Data złożenia zamówienia", "Data złożenia", "Data zakupu"),
                *("Data faktury", "Data"),
            ),
            QUANTITY: ("Ilość", "Liczba sztuk"),
            UNIT_PRICE: (
                *("Cena jednostkowa", "Cena jednostkowa brutto", "Cena jednostkowa netto", "Cena za sztukę"),
                *("Cena brutto", "Cena netto", "Cena"),
            ),
            AMOUNT: ("Wartość pozycji", "Wartość brutto", "Wartość"),
        },
        general=True,
    ),
    KnownLayout(
        "Portuguese headers",
        {
            ORDER_ID: (
                *("Número do pedido", "N° do pedido", "No do pedido", "N° pedido", "ID do pedido"),
                *("Código do pedido", "Pedido", "Número da encomenda", "No da encomenda", "Número da venda"),
                *("ID da venda", "Código da venda", "Ordem de compra"),
            ),
            PRODUCT_ID: (
                *("Código do produto", "Referência do produto", "ID do produto", "SKU do produto"),
                *("SKU", "EAN"),
            ),
            PRODUCT_NAME: ("Nome do produto", "Descrição do produto", "Descrição", "Produto"),
            CUSTOMER_ID: (
                *("ID do cliente", "Código do cliente", "Número do cliente", "E-mail do cliente", "E-mail"),
            ),
            COUNTRY: ("País", "País de entrega"),
            ORDERED_AT: ("Data do pedido", "Data da compra", "Data da encomenda", "Data da venda", "Data"),
            QUANTITY: ("Quantidade", "Quantidade comprada", "Quantidade vendida"),
            UNIT_PRICE: ("Preço unitário", "Valor unitário", "Valor do produto", "Preço"),
            AMOUNT: ("Total do item", "Valor total do item", "Preço total"),
        },
        general=True,
    ),
    KnownLayout(
        "Turkish headers",
        {
            ORDER_ID: (
                *("Sipariş Numarası", "Sipariş No", "Sipariş ID", "Sipariş Kodu", "Sipariş"),
                *("Fatura Numarası", "Fatura No", "Fiş No", "İşlem No"),
            ),
            PRODUCT_ID: (
                *("Ürün Kodu", "Satıcı Stok Kodu", "Stok Kodu", "Ürün No", "Ürün ID", "Barkod", "SKU"),
                *("Ürün Adı", "Ürün"),
            ),
            PRODUCT_NAME: ("Ürün Adı", "Ürün İsmi", "Ürün Açıklaması", "Stok Adı", "Ürün"),
            CUSTOMER_ID: (
                *("Müşteri No", "Müşteri Numarası", "Müşteri ID", "Müşteri Kodu", "Cari Kodu", "Üye No"),
                *("Müşteri E-Posta", "E-Posta", "E-Posta Adresi", "Müşteri Adı", "Müşteri", "Alıcı Adı"),
                *("Alıcı", "Üye Adı"),
            ),
            COUNTRY: ("Ülke", "Teslimat Ülkesi"),
            ORDERED_AT: ("Sipariş Tarihi", "Satış Tarihi", "Fatura Tarihi", "İşlem Tarihi", "Tarih"),
            QUANTITY: ("Adet", "Miktar", "Ürün Adedi", "Satış Adedi", "Sipariş Adedi"),
            UNIT_PRICE: ("Birim Fiyat", "Birim Fiyatı", "Satış Fiyatı", "Ürün Fiyatı", "Fiyat"),
            AMOUNT: ("Satır Toplamı", "Toplam Tutar", "Toplam Fiyat", "Satış Tutarı", "Tutar"),
            CURRENCY: ("Para Birimi", "Döviz"),
            STATUS: ("Sipariş Durumu", "Sipariş Statüsü", "Paket Durumu", "Durum", "Statü"),
            LINE_DISCOUNT: ("İndirim", "İndirim Tutarı"),
        },
        general=True,
    ),
    # those of 1C among them
    KnownLayout(
        "Russian headers",
        {
            ORDER_ID: (
                *("Номер заказа", "№ заказа", "ID заказа", "Код заказа", "Номер чека", "№ чека", "ID чека"),
                *("Номер документа", "Номер накладной", "Номер счета", "Номер продажи", "ID транзакции"),
                *("Заказ", "Чек", "Документ"),
            ),
            PRODUCT_ID: (
                *("Артикул", "Код товара", "ID товара", "Код номенклатуры", "Номенклатура.Код", "Штрихкод"),
                *("SKU", "Название товара", "Наименование товара", "Наименование", "Номенклатура", "Товар"),
                "Продукт",
            ),
            PRODUCT_NAME: (
                *("Название товара", "Наименование товара", "Наименование", "Номенклатура", "Товар"),
                "Продукт",
            ),
            CUSTOMER_ID: (
                *("ID клиента", "Код клиента", "Номер клиента", "ID покупателя", "Код покупателя"),
                *("Номер карты", "ИНН", "Электронная почта", "E-mail", "Почта", "Контрагент", "Клиент"),
                *("Покупатель", "Заказчик", "Имя клиента", "ФИО клиента", "ФИО"),
            ),
            COUNTRY: ("Страна",),
            ORDERED_AT: (
                *("Дата заказа", "Дата и время заказа", "Дата оформления", "Дата создания", "Дата покупки"),
                *("Дата продажи", "Дата чека", "Дата документа", "Принят в обработку", "Дата и время"),
                "Дата",
            ),
            QUANTITY: (
                *("Количество", "Кол-во", "Количество товара", "Кол-во товара", "Количество, шт"),
                "Кол-во, шт",
            ),
            UNIT_PRICE: ("Цена за единицу", "Цена за шт.", "Цена товара", "Цена продажи", "Цена"),
            AMOUNT: (
                *("Сумма строки", "Стоимость", "Сумма продажи", "Сумма", "Выручка", "Сумма заказа"),
                "Итого",
            ),
            CURRENCY: ("Валюта", "Код валюты"),
            STATUS: ("Статус заказа", "Статус", "Состояние"),
        },
        general=True,
    ),
    *ASIAN,
)
