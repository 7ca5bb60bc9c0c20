"""The products of the made-up shop: their names, their prices, and which ones belong together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .drawing import Floats, Ints

_PATTERNS = (
    "Bumblebee, Red Gingham, Blue Willow, Woodland Fox, Vintage Rose, Polka Dot, Wild Meadow, "
    "Kingfisher, Sunflower, Cherry Blossom, Midnight Moon, Rainbow, Strawberry, Paisley, Peacock, Oak "
    "Leaf, Hedgehog, Daisy Chain, Harlequin, Sailboat, Clover, Seaside Stripe, Lemon Grove, Heather, "
    "Swallow, Toadstool"
)
_SCENTS = (
    "Lavender, Rose Garden, Sea Salt, Fig and Cassis, Lemon Verbena, Cedarwood, Vanilla, Wild Mint, "
    "Honeysuckle, Amber, Orange Blossom, Green Tea, Eucalyptus, Jasmine, Bergamot, Pine Forest, "
    "Geranium, Sandalwood"
)
_MAKERS = (
    "Orchard House, Old Mill, Harbour Lane, Hilltop Farm, Granny May, Copper Kettle, Beekeeper, Wharf "
    "Street, Lighthouse, Stone Bridge, Little Barn, Market Square, Foxglove Farm, Four Corners, River "
    "Cottage Lane"
)
_FESTIVE = (
    "Nordic Star, Robin, Snowy Village, Candy Cane, Silver Birch, Gingerbread, Tartan, Mistletoe, "
    "Polar Bear, Nutcracker, Frosted Pine, Golden Angel, Reindeer, Holly"
)

#: Sales of twelve months relative to the best month.
_ALL_YEAR = (1.0,) * 12
_WINTER = (0.03, 0.02, 0.02, 0.02, 0.02, 0.02, 0.03, 0.10, 0.35, 0.75, 1.0, 1.0)
_SPRING = (0.35, 0.60, 0.95, 1.0, 1.0, 0.85, 0.65, 0.50, 0.40, 0.30, 0.20, 0.20)
_SUMMER = (0.25, 0.25, 0.40, 0.60, 0.85, 1.0, 1.0, 0.80, 0.50, 0.30, 0.20, 0.20)

#: Designs, season, and the goods in each design with their approximate prices.
_FAMILIES: tuple[tuple[str, tuple[float, ...], str], ...] = (
    (
        _PATTERNS,
        _ALL_YEAR,
        "Teapot 16, Tea Towel 5.5, Tea Cup and Saucer 8.5, Milk Jug 6.5, Sugar Bowl 6, Tea Caddy 7.5, "
        "Biscuit Tin 8, Tea Cosy 9.5, Serving Tray 13, Tea Strainer 3.5, Egg Cup 2.95, Side Plate "
        "4.75",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Cake Tin 9.5, Mixing Bowl 11, Apron 14, Oven Glove 8, Recipe Box 12, Cake Stand 19, Cupcake "
        "Cases 1.65, Cookie Cutters 3.25, Rolling Pin 7, Measuring Spoons 4.5, Jelly Mould 2.5, Whisk "
        "3.95",
    ),
    (
        _PATTERNS,
        _SUMMER,
        "Lunch Bag 4.5, Lunch Box 5.95, Water Bottle 7.5, Picnic Blanket 22, Snack Boxes 3.95, Cool "
        "Bag 12, Picnic Plates 4.25, Tumbler 2.25, Cutlery Set 6.5, Jumbo Bag 3.5, Sandwich Wrap "
        "2.75, Flask 9.5",
    ),
    (
        _SCENTS,
        _ALL_YEAR,
        "Candle 8.5, Tealights 3.5, Wax Melts 4.25, Reed Diffuser 14, Room Spray 7.5, Candle Tin 5.5, "
        "Pillar Candle 6.5, Drawer Sachet 2.25, Incense 2.95, Candle Refill 6, Travel Candle 4.95, "
        "Gift Trio 12.5",
    ),
    (
        _PATTERNS,
        _SPRING,
        "Watering Can 12.5, Plant Pot 6.5, Bird Feeder 8.95, Garden Gloves 6.25, Seed Tin 5.5, Garden "
        "Twine 3.25, Plant Labels 2.5, Hanging Basket 9.5, Kneeling Pad 7.25, Wind Chime 8, Trowel "
        "6.95, Nest Box 11.5",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Jigsaw 7.95, Colouring Book 3.5, Wooden Train 9.5, Skittles 12, Night Light 13.5, Money Bank "
        "5.5, Growth Chart 8.5, Soft Toy 11, Story Book 6.5, Building Blocks 14, Dominoes 4.95, "
        "Spinning Top 2.5",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Bunting 5.25, Paper Plates 2.25, Paper Cups 1.95, Napkins 1.75, Balloons 2.5, Party Bags "
        "2.25, Cake Candles 1.5, Paper Straws 1.25, Table Cover 4.5, Paper Garland 3.25, Invitations "
        "2.95, Party Hats 1.95",
    ),
    (
        _FESTIVE,
        _WINTER,
        "Baubles 6.5, Garland 8.5, Wreath 18, Stocking 9.5, Crackers 12, Advent Calendar 9.95, "
        "Wrapping Paper 2.5, Tree Star 5.5, Gift Tags 1.5, Cards 3.95, Table Runner 14, Tree "
        "Decoration 2.25",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Notebook 4.5, Pencil Case 5.5, Greeting Card 1.95, Gift Wrap 2.25, Sticky Notes 2.5, Washi "
        "Tape 1.75, Pen Pot 6.25, Desk Calendar 7.5, Writing Set 6.95, Bookmark 1.25, Ring Binder "
        "5.25, Address Book 5.95",
    ),
    (
        _SCENTS,
        _ALL_YEAR,
        "Hand Soap 4.5, Bath Salts 7.5, Hand Cream 6.25, Bath Bomb 2.5, Soap Bar 3.25, Body Scrub "
        "8.5, Lip Balm 2.75, Bath Oil 9, Shower Gel 5.5, Pillow Mist 7.25, Foot Balm 5.75, Wash Bag "
        "9.5",
    ),
    (
        _MAKERS,
        _ALL_YEAR,
        "Plum Chutney 4.25, Wildflower Honey 5.5, Strawberry Jam 3.75, Orange Marmalade 3.75, "
        "Oatcakes 2.95, Wholegrain Mustard 2.75, Lemon Curd 3.95, Apple Juice 3.5, Piccalilli 3.95, "
        "Olive Oil 8.5, Sea Salt Crackers 2.5, Tomato Relish 3.5",
    ),
    (
        _MAKERS,
        _ALL_YEAR,
        "Vanilla Fudge 4.5, Shortbread 3.95, Hot Chocolate 5.5, Chocolate Buttons 3.25, Ginger "
        "Biscuits 3.25, Mint Creams 3.75, Toffee Tin 5.95, Ground Coffee 6.5, Breakfast Tea 4.25, "
        "Nougat 3.5, Chocolate Bar 2.75, Fruit Cake 9.5",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Cushion 16, Throw 29, Photo Frame 8.5, Wall Clock 21, Mirror 24, Wall Hook 4.5, Door Stop "
        "9.5, Vase 13.5, Lantern 11, Storage Basket 12.5, Coasters 5.5, Door Mat 14.5",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Sewing Kit 6.5, Knitting Bag 15, Ribbon 1.95, Button Box 5.5, Felt Squares 2.95, Pin Cushion "
        "3.75, Embroidery Hoop 4.5, Fabric Bundle 9.5, Craft Scissors 5.25, Yarn 4.75, Patchwork Kit "
        "12.5, Tape Measure 2.95",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Dog Bowl 8.5, Cat Bowl 6.5, Dog Lead 9.5, Pet Blanket 12.5, Treat Tin 7.25, Cat Toy 2.75, "
        "Dog Bandana 4.95, Feeding Mat 5.5, Rope Toy 3.95, Collar 7.5, Pet Brush 4.75, Food Scoop "
        "2.95",
    ),
    (
        _PATTERNS,
        _ALL_YEAR,
        "Tote Bag 6.5, Umbrella 14, Purse 8.5, Scarf 13.5, Luggage Tag 3.5, Travel Pouch 7.5, Key "
        "Ring 2.75, Glasses Case 5.95, Shopping Bag 3.25, Passport Cover 6.25, Hot Water Bottle 12, "
        "Hair Clips 2.5",
    ),
)


class Catalogue(NamedTuple):
    """The shop's products; all arrays have the length n_products, and each family is one block."""

    product_id: NDArray[np.object_]
    product_name: NDArray[np.object_]
    price: Floats  # list price
    popularity: Floats  # long-tailed weight, positive
    family: Ints
    start: Ints  # the start of each family's block, shape (n_families + 1,)
    season: Floats  # shape (n_families, 12), in (0, 1]

    def pick_from(self, family: Ints, rng: np.random.RandomState) -> Ints:
        """Draw a product from each of these families, by popularity."""
        weights = np.split(self.popularity, self.start[1:-1])
        cumulative = np.concatenate([i + np.cumsum(w) / w.sum() for i, w in enumerate(weights)])
        found = np.searchsorted(cumulative, family + rng.random_sample(len(family)), side="right")
        return np.minimum(found, self.start[family + 1] - 1)

    def companions(self, how_many: int) -> Ints:
        """Return the products with which each product is often bought, shape (n_products, how_many).

        They are its neighbors in the block of its family, so mostly of its own design.
        """
        first = self.start[self.family][:, None]
        size = np.diff(self.start)[self.family][:, None]
        place = np.arange(len(self.family))[:, None] - first
        found: Ints = first + (place + 1 + np.arange(how_many)) % size
        return found


def make_catalogue(n_products: int, rng: np.random.RandomState) -> Catalogue:
    """Make a catalogue of `n_products` in up to sixteen families of at least about eight products each."""
    n_families = int(np.clip(n_products // 8, 1, len(_FAMILIES)))
    sizes = np.full(n_families, n_products // n_families) + (np.arange(n_families) < n_products % n_families)
    ids: list[str] = []
    names: list[str] = []
    prices: list[float] = []
    for number, (designs_text, _, things_text) in enumerate(_FAMILIES[:n_families]):
        designs = designs_text.split(", ")
        things = [thing.rsplit(" ", 1) for thing in things_text.split(", ")]
        order = rng.permutation(len(designs))
        for i in range(sizes[number]):
            again, rest = divmod(i, len(designs) * len(things))
            design = order[rest // len(things)]
            thing, price = things[rest % len(things)]
            ids.append(f"{21000 + 2000 * again + 100 * number + rest % len(things)}{chr(65 + design)}")
            names.append(f"{designs[design]} {thing}" + (f" No. {again + 1}" if again else ""))
            prices.append(float(price))
    return Catalogue(
        product_id=np.array(ids, dtype=object),
        product_name=np.array(names, dtype=object),
        price=np.array(prices),
        popularity=rng.lognormal(0.0, 1.1, n_products),
        family=np.repeat(np.arange(n_families), sizes),
        start=np.concatenate([[0], np.cumsum(sizes)]),
        season=np.array([season for _, season, _ in _FAMILIES[:n_families]]),
    )
