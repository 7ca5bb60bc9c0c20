"""The sections of the report: each takes a fitted model and returns its contents from top to bottom.

The notebook only displays them. To add a chart, a table or a sentence to the report, add it here.

Examples
--------
>>> from shopper_widgets.datasets import make_transactions
>>> from shopper_widgets.model.shopper_model import ShopperModel
>>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
>>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
>>> [type(block).__name__ for block in movements(model)][0]
'ShownMarkup'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets import charts
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, COUNTRY, PRODUCT_ID, PRODUCT_NAME, SEGMENT
from shopper_widgets.customers.headlines import comparable_periods, headlines
from shopper_widgets.publish.clearing import clearing
from shopper_widgets.publish.notebook import (
    ShownChart,
    ShownMarkup,
    heading,
    of_products,
    points,
    show,
    table,
    text,
)
from shopper_widgets.recommend.evidence import hubs_sentence
from shopper_widgets.segments.gaps import order_gaps
from shopper_widgets.words import customers as customer_words
from shopper_widgets.words import evaluation as wording
from shopper_widgets.words import recommendations, shop, told_of, why_segments
from shopper_widgets.words.discounts import BREAK_EVEN, DiscountTerms, discount_case
from shopper_widgets.words.html import paragraph, paragraphs
from shopper_widgets.words.journeys import ENTRY, STEPS, journey_case
from shopper_widgets.words.kept import mixes_html
from shopper_widgets.words.overview import cards, cards_html, period_sentences
from shopper_widgets.words.repurchase import AGAIN, DUE, repurchase_case
from shopper_widgets.words.settings import settings_table
from shopper_widgets.words.stock import shown_columns
from shopper_widgets.words.to_do import things_to_do, to_do_html
from shopper_widgets.words.unusual_prices import prices_to_check
from shopper_widgets.words.value import ValueTerms, terms_of, value_by_cohort, value_case

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.parameters import ReportParameters

#: The contents of a section: charts, or words, figures and tables.
Blocks = list[ShownChart | ShownMarkup]

_MEDIANS = {
    "recency_median": N_("Days since last order"),
    "frequency_median": N_("Orders"),
    "monetary_median": N_("Spent"),
}


def opening(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """The title, the source of the orders, and what to know before reading on."""
    return [
        heading(settings.title),
        text(shop.headline(model)),
        points(*shop.unread(model), *shop.guessed(model), *settings.changes(model)),
    ]


def overview(model: ShopperModel) -> Blocks:
    """The first screen: figures compared with an earlier period, what to do today, and the findings.

    The period is the longest that the orders cover twice.
    """
    told = headlines(model, next(iter(comparable_periods(model)), "month"))
    days, *notes = period_sentences(model, told)
    return [
        text(days),
        ShownMarkup(cards_html(cards(model, told))),
        ShownMarkup(paragraph(gettext("What to do today"), "sw-lead")),
        ShownMarkup(to_do_html(things_to_do(model, told))),
        points(*shop.highlights(model)),
        ShownMarkup(paragraphs([*prices_to_check(model), *notes], "sw-note")),
    ]


def sales(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What was sold: over time, the best products, and the countries, if there are several."""
    orders, products = model.all_orders, model.all_products
    blocks: Blocks = [
        text(*shop.all_sales(model)),
        show(charts.revenue_over_time(orders, currency=model.currency)),
        show(charts.orders_over_time(orders)),
    ]
    if model.names_products:
        blocks.append(show(charts.top_products(products, currency=model.currency, n=settings.top_n)))
    blocks.append(text(*shop.came_back(model)))
    if orders[COUNTRY].nunique() > 1:
        blocks.append(show(charts.revenue_by_country(orders, currency=model.currency)))
    return blocks


def segments(model: ShopperModel) -> Blocks:
    """The segments of the customers, in shares, words and figures."""
    return [
        text(*why_segments.limits(model)),
        show(charts.segment_shares(model.segments, currency=model.currency)),
        table(
            shop.segment_actions(model),
            caption=gettext("The segments, and what to do for each"),
            labels={"who": N_("Customers"), "action": N_("What to do")},
        ),
        show(charts.segment_map(model.customers, currency=model.currency)),
        table(
            model.segments[[SEGMENT, "customers", "share", "revenue", "revenue_share", *_MEDIANS]],
            caption=gettext("The segments in figures (days, orders and spend are medians)"),
            currency=model.currency,
            labels=_MEDIANS,
        ),
        *([ShownMarkup(kept)] if (kept := mixes_html(model)) else []),
        show(charts.rfm_distributions(model.customers, currency=model.currency)),
    ]


def movements(model: ShopperModel) -> Blocks:
    """Who recently moved to another segment; if the orders can't tell, a sentence that says why."""
    moved = customer_words.recent_movements(model)
    blocks: Blocks = [points(*moved.sentences)]
    if len(moved.flows):
        flows = charts.segment_flows(moved.flows, start=moved.start, end=moved.end, currency=model.currency)
        blocks.append(show(flows))
    return blocks


def retention(model: ShopperModel) -> Blocks:
    """Who comes back, after how many days, and what to expect of them."""
    cohorts, caveats = customer_words.retention(model)
    expected = customer_words.expectations(model)
    blocks: Blocks = [show(charts.cohort_heatmap(cohorts))] if len(cohorts) else []
    blocks += [
        text(*caveats),
        show(charts.order_gap_histogram(order_gaps(model.orders))),
        points(*expected.sentences),
    ]
    if len(expected.by_segment):
        caption = gettext("Expected orders over the next {days} days, by segment", days=model.follow_days)
        blocks.append(table(expected.by_segment, caption=caption, currency=model.currency))
    if len(expected.calibration):
        blocks.append(show(charts.calibration_chart(expected.calibration)))
    return blocks


def value(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What a new customer brings month by month, and when this pays back the acquisition cost."""
    terms = terms_of(model, ValueTerms(settings.margin, settings.acquisition_cost))
    case = value_case(model, terms)
    blocks: Blocks = [points(*case.sentences)]
    if len(case.curve):
        drawn = charts.cohort_value_chart(
            case.curve,
            case.cohorts,
            acquisition_cost=terms.acquisition_cost,
            what=N_("margin"),
            currency=model.currency,
        )
        caption = gettext("Value of each cohort per customer († may include existing customers)")
        blocks += [show(drawn), table(value_by_cohort(case, terms), caption=caption, currency=model.currency)]
    return blocks


@of_products
def journeys(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What new customers begin with, what they spend later, and what they buy next."""
    case, days = journey_case(model), model.follow_days
    blocks: Blocks = [points(*case.sentences)]
    sure = case.steps[case.steps["is_sure"]] if len(case.steps) else case.steps
    if len(sure):
        blocks.append(show(charts.journey_flows(sure)))
    if len(case.entry):
        usual = case.entry.attrs["later_value"]
        blocks += [
            show(charts.entry_chart(case.entry, days=days, usual=usual, currency=model.currency)),
            table(
                case.entry[list(ENTRY)].head(settings.top_n),
                caption=gettext("Entry products, and spend in the next {days} days", days=days),
                currency=model.currency,
                labels={"customers": gettext("New customers")},
            ),
        ]
    if len(sure):
        blocks.append(
            table(
                sure[list(STEPS)].head(settings.top_n),
                caption=gettext("Next products, within {days} days", days=days),
                labels={PRODUCT_NAME: gettext("Started with"), "share": gettext("Buy it next")},
            )
        )
    return blocks


@of_products
def repurchase(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What customers buy again, after how many days, and who is due."""
    case = repurchase_case(model)
    blocks: Blocks = [points(*case.sentences)]
    if len(case.products):
        drawn = charts.repurchase_chart(case.products, days=case.products.attrs["days"])
        caption = gettext("Products that customers buy again, the surest first")
        blocks += [show(drawn), table(case.products[list(AGAIN)].head(settings.top_n), caption=caption)]
    if len(case.due):
        blocks.append(
            table(
                case.due[list(DUE)].head(settings.top_n),
                caption=gettext("Due customers, highest spend first"),
                currency=model.currency,
                labels={"silence": gettext("Days since last bought"), AMOUNT: gettext("Usual spend on it")},
            )
        )
    return blocks


def campaigns(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """Customers to contact: the campaign's list if one was given, overdue customers, the most valuable.

    The whole list of the campaign is a file next to the report.
    """
    blocks: Blocks = []
    if settings.campaign:
        chosen, about = settings.run_campaign(model)
        caption = gettext("Top of the campaign's list")
        blocks += [text(*about), table(chosen, caption=caption, currency=model.currency)]
    late, said = customer_words.overdue(model, n=settings.top_n)
    blocks.append(text(*said))
    if len(late):
        rhythms = customer_words.rhythms(model)
        short = int(rhythms["short_silence"].iloc[0])
        marked = charts.overdue_map(rhythms, currency=model.currency, min_silence=short)
        blocks += [
            table(late, caption=gettext("Valuable and overdue customers"), currency=model.currency),
            show(marked),
        ]
    for segment in dict.fromkeys(model.segments[SEGMENT].iloc[[0, -1]]):
        best = shop.most_valuable(model, segment, n=settings.top_n)
        caption = gettext("{segment}: the top customers by spend", segment=gettext(segment))
        blocks.append(table(best, caption=caption, currency=model.currency))
    return blocks


@of_products
def stock(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What to order: the products that matter most, and how often such stock would have lasted.

    The whole plan is a file next to the report.
    """
    plan, said = settings.plan_stock(model)
    blocks: Blocks = [points(*said)]
    if len(plan):
        blocks += [
            show(charts.stock_chart(plan, weeks=plan.attrs["weeks"], n=settings.top_n)),
            table(
                plan[shown_columns(plan, with_stock=settings.stock is not None)].head(settings.top_n),
                caption=gettext("Target levels")
                if settings.stock is None
                else gettext("Top of the order list"),
                currency=model.currency,
                row_header=PRODUCT_NAME,
            ),
        ]
    if len(plan) and settings.stock is not None:
        blocks += clearing(model, settings, plan)
    return blocks


def discounts(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What a discount must bring in each segment to pay, and the test that would show it."""
    if not told_of.tells_money(model):
        return [text(gettext(told_of.NO_MONEY))]
    terms = DiscountTerms(settings.margin, settings.discount, days=model.reply_days)
    case = discount_case(model, terms)
    blocks: Blocks = [points(*case.sentences)]
    if len(case.table):
        blocks += [
            show(charts.break_even_chart(case.table, discount=terms.discount, days=terms.days)),
            table(
                case.table[list(BREAK_EVEN)],
                caption=gettext("Break-even of the discount, by segment"),
                currency=model.currency,
            ),
        ]
    return blocks


@of_products
def suggestions(model: ShopperModel, settings: ReportParameters) -> Blocks:
    """What goes together with the best sellers, and how sure that is."""
    suggested = recommendations.examples(model)
    matrix = recommendations.best_sellers_matrix(model, n=settings.top_n)
    labels = {PRODUCT_NAME: N_("Recommendation")}
    best = suggested.drop_duplicates("for_product_id")[[PRODUCT_NAME, "sentence"]]
    # The sentence comes first, because the figures are beyond the edge of a phone.
    suggested.insert(0, "sentence", suggested.pop("sentence"))
    suggested.insert(0, PRODUCT_NAME, suggested.pop(PRODUCT_NAME))
    every = suggested.drop(columns=["for_product_id", "for_product", "rank", PRODUCT_ID])
    lift = gettext(
        "Lift: how many times as often the same customers buy both products as by chance, "
        "with its 95 % interval in the last two columns."
    )
    told: Blocks = [
        table(best, caption=gettext("The best recommendation for each best seller"), labels=labels),
        table(every, caption=gettext("Recommendations for the best sellers"), labels=labels),
    ]
    if best.empty:
        told = [text(gettext(recommendations.NO_EXAMPLES, fewest=recommendations.FEWEST_BUYERS))]
    return [
        *told,
        text(*([] if best.empty else [lift]), hubs_sentence(*recommendations.everywhere(model.recommender))),
        show(charts.similarity_heatmap(*matrix)),
    ]


@of_products
def evaluation(model: ShopperModel) -> Blocks:
    """How good the recommendations are on later orders, compared with every other method."""
    blocks: Blocks = [points(*recommendations.quality(model))]
    compared = recommendations.comparisons(model)
    for question, scores, beside in compared:
        called = gettext("{question}: hit rate of lists of 10", question=question)
        blocks += [
            show(charts.evaluation_comparison(scores, metric=wording.HIT_RATE, called=called)),
            table(
                beside, caption=gettext("{question}: all methods, and our lead over each", question=question)
            ),
        ]
    if model.evaluation is not None and compared:
        blocks.append(text(*wording.how_measured(model.evaluation)))
    return blocks


def quality(model: ShopperModel) -> Blocks:
    """What the figures are based on: each order line, kept or left out for a reason."""
    lines, details = shop.audit_parts(model)
    captions = (gettext("Every order line, accounted for"), gettext(shop.DETAILS))
    return [
        points(*shop.left_out(model), *prices_to_check(model), *shop.notes(model)),
        show(charts.cleaning_waterfall(model.audit, currency=model.currency)),
        *(
            table(told, caption=caption, currency=model.currency)
            for told, caption in zip((lines, details), captions, strict=True)
            if len(told)
        ),
    ]


def method(model: ShopperModel) -> Blocks:
    """How the segments were found, and the source and the options of the model."""
    blocks: Blocks = [text(*why_segments.why_these_segments(model))]
    if hasattr(model.segmenter, "diagnostics_"):  # rules don't try numbers of segments
        blocks.append(show(charts.cluster_diagnostics(model.segmenter.diagnostics_)))
    labels = {"setting": N_("Setting"), "choice": N_("Choice")}
    return [
        *blocks,
        text(*why_segments.how_segments_are_made(model)),
        table(settings_table(model), caption=gettext("Settings of the model"), labels=labels),
    ]
