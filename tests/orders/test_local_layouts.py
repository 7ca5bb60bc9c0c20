"""A shop's export in its own language is read as what it says, and what was not sold is left out."""

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

#: Language → headers of order, date, status, customer, product, name, quantity, price and country; how days
#: are written; states of two orders that were sold, and of one that came to nothing.
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
}
#: What is known of a program in two languages: what is said of an order stands on its first line only.
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
    """Two lines of one order, another order, and one that came to nothing."""
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
    # 9 off 1,009 falls on both lines of its order
    assert kept["amount"].tolist() == pytest.approx([9 * 1000 / 1009, 1000 * 1000 / 1009, 4.5])


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
