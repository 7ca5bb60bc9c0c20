"""The headers of order tables in European languages other than English, as shops write them.

Accents don't count: "Numero" is "Número". The lines themselves show whether a total is that of a line or of
an order: see `orders.order_money`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

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
from shopper_widgets.orders.known_layouts import CURRENCY, LINE_DISCOUNT, STATUS, KnownLayout

#: Words that may stand between the words of a header, or be left out.
_ARTICLES = re.compile(r"(?<=\s)(?:(?:de la|del|della|des|de|do|da|di|du)\s+|d')", re.IGNORECASE)


def _language(name: str, headers: Mapping[str, tuple[str, ...]]) -> KnownLayout:
    """Return the layout of a language: if products have no number, their name identifies them.

    The articles in a header may be left out: "Fecha venta", "numero_pedido".
    """
    names = {**headers, PRODUCT_ID: (*headers[PRODUCT_ID], *headers[PRODUCT_NAME])}
    either = {
        column: tuple(dict.fromkeys(form for each in found for form in (each, _ARTICLES.sub("", each))))
        for column, found in names.items()
    }
    return KnownLayout(name, either, general=True)


#: The headers of each column, the most telling first: a number, then an address, then a name.
EUROPEAN = (
    _language(
        "German headers",
        {
            ORDER_ID: (
                *("Bestellnummer", "Bestellnr", "Bestell-ID", "Auftragsnummer", "Auftragsnr"),
                *("Auftrags-ID", "Rechnungsnummer", "Rechnungsnr", "Rechnungs-ID", "Belegnummer", "Belegnr"),
                "Transaktionsnummer",
                *("Transaktions-ID", "Bonnummer", "Bonnr", "Bestellung", "Auftrag", "Rechnung", "Beleg"),
            ),
            PRODUCT_ID: (
                *("Artikelnummer", "Artikelnr", "Art.-Nr.", "Artikel-ID", "Produktnummer", "Produkt-ID"),
                *("SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Artikelbezeichnung", "Artikelname", "Produktname", "Produktbezeichnung", "Artikeltitel"),
                *("Bezeichnung", "Artikel", "Produkt"),
            ),
            CUSTOMER_ID: (
                *("Kundennummer", "Kundennr", "Kd.-Nr.", "Kunden-ID", "Kunden-E-Mail", "E-Mail-Adresse"),
                *("E-Mail", "Kundenname", "Kunde", "Käufer"),
            ),
            COUNTRY: ("Land", "Rechnungsland", "Lieferland"),
            ORDERED_AT: (
                *("Bestelldatum", "Auftragsdatum", "Kaufdatum", "Verkaufsdatum", "Rechnungsdatum"),
                *(
                    "Belegdatum",
                    "Transaktionsdatum",
                    "Datum und Uhrzeit",
                    "Datum/Uhrzeit",
                    "Zeitstempel",
                    "Datum",
                ),
            ),
            QUANTITY: ("Menge", "Anzahl", "Stückzahl", "Bestellmenge", "Verkaufte Menge"),
            UNIT_PRICE: (
                *("Einzelpreis", "Einzelpreis brutto", "Einzelpreis netto", "Stückpreis"),
                *("Artikelpreis", "Verkaufspreis", "Preis"),
            ),
            AMOUNT: (
                *("Positionssumme", "Zeilensumme", "Gesamtpreis", "Umsatz", "Gesamtbetrag"),
                *("Gesamtsumme", "Betrag"),
            ),
        },
    ),
    _language(
        "French headers",
        {
            ORDER_ID: (
                *("Numéro de commande", "Numéro commande", "N° de commande", "N° commande"),
                *("No commande", "Référence de la commande", "ID commande"),
                *("Commande", "Numéro de facture", "N° de facture", "N° facture"),
                *("Numéro de transaction", "ID transaction", "Numéro de vente", "ID vente", "N° ticket"),
                *("Ticket", "Facture"),
            ),
            PRODUCT_ID: (
                *("Référence produit", "Référence article", "Réf. produit", "Réf. article"),
                *("Code produit", "Code article", "ID produit", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Nom du produit", "Nom produit", "Désignation", "Libellé produit", "Libellé article"),
                *("Libellé", "Produit", "Article"),
            ),
            CUSTOMER_ID: (
                *("Code client", "Numéro client", "Numéro de client", "N° client", "ID client"),
                *("Référence client", "E-mail client", "Adresse e-mail", "E-mail", "Nom du client"),
                *("Nom client", "Client", "Acheteur"),
            ),
            COUNTRY: (
                *("Pays", "Pays de facturation", "Pays facturation", "Pays de livraison"),
                "Pays livraison",
            ),
            ORDERED_AT: (
                *("Date de commande", "Date de la commande", "Date commande", "Date d'achat"),
                *("Date de facture", "Date facture", "Date de vente", "Date de transaction"),
                *("Date et heure", "Date heure", "Date"),
            ),
            QUANTITY: ("Quantité", "Quantité commandée", "Qté", "Quantité vendue"),
            UNIT_PRICE: (
                *("Prix unitaire", "Prix unitaire TTC", "Prix unitaire HT", "PU TTC", "PU HT"),
                *("Prix de vente", "Prix"),
            ),
            AMOUNT: (
                *("Total ligne", "Montant ligne", "Prix total", "Montant", "Montant TTC", "Montant HT"),
                *("Montant total", "Total TTC", "Total HT", "Chiffre d'affaires", "Total"),
            ),
        },
    ),
    _language(
        "Spanish headers",
        {
            ORDER_ID: (
                *("Número de pedido", "N° de pedido", "No de pedido", "N° pedido", "No pedido"),
                *("ID de pedido", "ID del pedido", "Número de orden", "ID de orden", "Pedido"),
                *("Número de factura", "N° factura", "No factura", "ID de venta", "Número de venta"),
                *("ID de compra", "Número de transacción", "ID transacción", "Factura", "Boleta"),
                "Ticket",
            ),
            PRODUCT_ID: (
                *("Referencia del producto", "Referencia producto", "Código de producto"),
                *("Código producto", "Código del producto", "Código de artículo", "Código artículo"),
                *("ID de producto", "ID del producto", "SKU", "EAN"),
            ),
            PRODUCT_NAME: (
                *("Nombre del producto", "Nombre de producto", "Nombre producto", "Descripción"),
                *("Producto", "Artículo"),
            ),
            CUSTOMER_ID: (
                *("ID de cliente", "ID del cliente", "ID cliente", "Código de cliente"),
                *("Código cliente", "Número de cliente", "N° cliente", "Email del cliente"),
                *("Correo electrónico", "Email", "Nombre del cliente", "Cliente", "Comprador"),
            ),
            COUNTRY: ("País", "País de facturación", "País de envío"),
            ORDERED_AT: (
                *("Fecha del pedido", "Fecha de pedido", "Fecha pedido", "Fecha de compra"),
                *("Fecha de venta", "Fecha de factura", "Fecha de transacción", "Fecha y hora", "Fecha hora"),
                "Fecha",
            ),
            QUANTITY: (
                *("Cantidad", "Unidades", "Cantidad del producto", "Cantidad vendida"),
                "Unidades vendidas",
            ),
            UNIT_PRICE: (
                *("Precio unitario", "Precio por unidad", "Precio del producto", "Precio"),
                *("Precio de venta", "Valor unitario"),
            ),
            AMOUNT: (
                *("Total línea", "Importe línea", "Importe", "Precio total", "Importe total", "Monto"),
                *("Monto total", "Valor total", "Venta total", "Total de venta", "Total"),
            ),
        },
    ),
    _language(
        "Italian headers",
        {
            ORDER_ID: (
                *("Numero ordine", "Numero d'ordine", "N. ordine", "Nr. ordine", "ID ordine", "Ordine"),
                *("Numero fattura", "N. fattura", "ID vendita", "Numero vendita", "ID transazione"),
                *("Numero scontrino", "Scontrino", "Fattura"),
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
                *("Email", "Nome cliente", "Ragione sociale", "Cliente", "Acquirente"),
            ),
            COUNTRY: ("Paese", "Nazione", "Paese di fatturazione", "Paese di spedizione"),
            ORDERED_AT: (
                *("Data ordine", "Data dell'ordine", "Data acquisto", "Data fattura", "Data vendita"),
                *("Data transazione", "Data e ora", "Data ora", "Data"),
            ),
            QUANTITY: ("Quantità", "Q.tà", "Quantità venduta"),
            UNIT_PRICE: ("Prezzo unitario", "Prezzo di vendita", "Prezzo"),
            AMOUNT: ("Totale riga", "Importo riga", "Prezzo totale", "Importo", "Importo totale", "Totale"),
        },
    ),
    _language(
        "Dutch headers",
        {
            ORDER_ID: (
                *("Bestelnummer", "Ordernummer", "Bestelling", "Factuurnummer", "Transactienummer"),
                *("Bonnummer", "Factuur"),
            ),
            PRODUCT_ID: (
                *("Artikelnummer", "Artikelcode", "Productcode", "Productnummer", "Product-ID", "SKU"),
                "EAN",
            ),
            PRODUCT_NAME: (
                *("Productnaam", "Artikelnaam", "Productomschrijving", "Artikelomschrijving"),
                *("Omschrijving", "Product", "Artikel"),
            ),
            CUSTOMER_ID: (
                *("Klantnummer", "Klant-ID", "Klantcode", "E-mailadres", "E-mail", "Klantnaam"),
                *("Naam klant", "Klant", "Koper"),
            ),
            COUNTRY: ("Land", "Factuurland", "Verzendland"),
            ORDERED_AT: (
                *("Besteldatum", "Orderdatum", "Aankoopdatum", "Factuurdatum", "Verkoopdatum"),
                *("Transactiedatum", "Datum en tijd", "Datum"),
            ),
            QUANTITY: ("Aantal", "Hoeveelheid"),
            UNIT_PRICE: ("Stukprijs", "Prijs per stuk", "Eenheidsprijs", "Prijs", "Verkoopprijs"),
            AMOUNT: ("Regeltotaal", "Totaalprijs", "Bedrag", "Totaalbedrag", "Totaal", "Omzet"),
        },
    ),
    _language(
        "Polish headers",
        {
            ORDER_ID: (
                *("Numer zamówienia", "Nr zamówienia", "ID zamówienia", "Numer faktury", "Nr faktury"),
                *("ID transakcji", "Transakcja ID", "Numer transakcji", "Numer paragonu", "Paragon"),
                *("Zamówienie", "Faktura"),
            ),
            PRODUCT_ID: ("Kod produktu", "Numer produktu", "ID produktu", "Kod towaru", "SKU", "EAN"),
            PRODUCT_NAME: ("Nazwa produktu", "Nazwa towaru", "Produkt", "Towar"),
            CUSTOMER_ID: (
                *("ID klienta", "Numer klienta", "Nr klienta", "Kod klienta", "E-mail klienta"),
                *("Adres e-mail", "E-mail", "Klient ID", "Nazwa klienta", "Klient", "Kupujący"),
                "Kontrahent",
            ),
            COUNTRY: ("Kraj", "Kraj dostawy"),
            ORDERED_AT: (
                *("Data zamówienia", "Data złożenia zamówienia", "Data złożenia", "Data zakupu"),
                *(
                    "Data faktury",
                    "Data sprzedaży",
                    "Data transakcji",
                    "Data i godzina",
                    "Data i czas",
                    "Data",
                ),
            ),
            QUANTITY: ("Ilość", "Liczba sztuk"),
            UNIT_PRICE: (
                *("Cena jednostkowa", "Cena jednostkowa brutto", "Cena jednostkowa netto"),
                *("Cena za sztukę", "Cena brutto", "Cena netto", "Cena"),
            ),
            AMOUNT: (
                *("Wartość pozycji", "Wartość brutto", "Wartość", "Wartość sprzedaży", "Wartość netto"),
                *("Kwota", "Suma"),
            ),
        },
    ),
    _language(
        "Portuguese headers",
        {
            ORDER_ID: (
                *(
                    "Número do pedido",
                    "N° do pedido",
                    "No do pedido",
                    "N° pedido",
                    "Número pedido",
                    "ID do pedido",
                ),
                *("Código do pedido", "Pedido", "Número da encomenda", "No da encomenda"),
                *("Número da venda", "ID da venda", "Código da venda", "Ordem de compra"),
                *("ID da transação", "Número da nota", "Número da nota fiscal", "Nota fiscal"),
            ),
            PRODUCT_ID: (
                *(
                    "Código do produto",
                    "Código produto",
                    "Referência do produto",
                    "ID do produto",
                    "SKU do produto",
                ),
                *("Cod. produto", "SKU", "EAN"),
            ),
            PRODUCT_NAME: ("Nome do produto", "Descrição do produto", "Descrição", "Produto"),
            CUSTOMER_ID: (
                *("ID do cliente", "Código do cliente", "Número do cliente", "E-mail do cliente"),
                *("E-mail", "CPF/CNPJ do cliente", "CPF do cliente", "CPF/CNPJ", "CPF"),
                *("Nome do cliente", "Cliente", "Comprador"),
            ),
            COUNTRY: ("País", "País de entrega"),
            ORDERED_AT: (
                *("Data do pedido", "Data da compra", "Data da encomenda", "Data da venda", "Data e hora"),
                *("Data hora", "Data"),
            ),
            QUANTITY: ("Quantidade", "Quantidade comprada", "Quantidade vendida"),
            UNIT_PRICE: ("Preço unitário", "Valor unitário", "Valor do produto", "Preço"),
            AMOUNT: (
                *("Total do item", "Valor total do item", "Preço total", "Valor total"),
                *("Valor da venda", "Valor faturado", "Total da venda"),
                *("Faturamento", "Total"),
            ),
        },
    ),
    _language(
        "Turkish headers",
        {
            ORDER_ID: (
                *("Sipariş Numarası", "Sipariş No", "Sipariş ID", "Sipariş Kodu", "Sipariş"),
                *("Fatura Numarası", "Fatura No", "Fiş No", "İşlem No"),
            ),
            PRODUCT_ID: ("Ürün Kodu", "Satıcı Stok Kodu", "Stok Kodu", "Ürün No", "Ürün ID", "Barkod", "SKU"),
            PRODUCT_NAME: ("Ürün Adı", "Ürün İsmi", "Ürün Açıklaması", "Stok Adı", "Ürün"),
            CUSTOMER_ID: (
                *("Müşteri No", "Müşteri Numarası", "Müşteri ID", "Müşteri Kodu", "Cari Kodu", "Üye No"),
                *("Müşteri E-Posta", "E-Posta", "E-Posta Adresi", "Müşteri Adı", "Müşteri", "Alıcı Adı"),
                *("Alıcı", "Üye Adı"),
            ),
            COUNTRY: ("Ülke", "Teslimat Ülkesi"),
            ORDERED_AT: (
                "Sipariş Tarihi",
                "Satış Tarihi",
                "Fatura Tarihi",
                "İşlem Tarihi",
                "Tarih Saat",
                "Tarih",
            ),
            QUANTITY: ("Adet", "Miktar", "Ürün Adedi", "Satış Adedi", "Sipariş Adedi"),
            UNIT_PRICE: ("Birim Fiyat", "Birim Fiyatı", "Satış Fiyatı", "Ürün Fiyatı", "Fiyat"),
            AMOUNT: ("Satır Toplamı", "Toplam Tutar", "Toplam Fiyat", "Satış Tutarı", "Tutar"),
            CURRENCY: ("Para Birimi", "Döviz"),
            STATUS: ("Sipariş Durumu", "Sipariş Statüsü", "Paket Durumu", "Durum", "Statü"),
            LINE_DISCOUNT: ("İndirim", "İndirim Tutarı"),
        },
    ),
    # includes the headers of 1C
    _language(
        "Russian headers",
        {
            ORDER_ID: (
                *("Номер заказа", "№ заказа", "ID заказа", "Код заказа", "Номер чека", "№ чека"),
                *("ID чека", "Номер документа", "Номер накладной", "Номер счета", "Номер продажи"),
                *("ID транзакции", "Заказ", "Чек", "Документ"),
            ),
            PRODUCT_ID: (
                *("Артикул", "Код товара", "ID товара", "Код номенклатуры", "Номенклатура.Код"),
                *("Штрихкод", "SKU"),
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
                *("Дата заказа", "Дата и время заказа", "Дата оформления", "Дата создания"),
                *("Дата покупки", "Дата продажи", "Дата чека", "Дата документа", "Принят в обработку"),
                *("Дата и время", "Дата"),
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
    ),
)
