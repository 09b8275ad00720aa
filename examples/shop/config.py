"""Where the shop finds what it depends on: in its environment, as in any deployment."""

from __future__ import annotations

import os
from pathlib import Path

DATABASE = Path(os.environ["SHOP_DATABASE"])
PAGES = Path(os.environ["SHOP_PAGES"])
PRICES_URL = os.environ["SHOP_PRICES_URL"]
PRICES_MIRROR_URL = os.environ["SHOP_PRICES_MIRROR_URL"]
CATALOGUE_URL = os.environ["SHOP_CATALOGUE_URL"]
RATES_URL = os.environ["SHOP_RATES_URL"]
VISITS_URL = os.environ["SHOP_VISITS_URL"]
PAYMENTS_URL = os.environ["SHOP_PAYMENTS_URL"]
WAREHOUSE_URL = os.environ["SHOP_WAREHOUSE_URL"]
MAIL_ADDRESS = os.environ["SHOP_MAIL_ADDRESS"]
