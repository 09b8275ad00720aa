"""A web shop whose surroundings misbehave: run it with `healing demo`, or `python -m examples.shop`.

Read `browsing.py` and `checkout.py` first: they are what a service looks like with Healing. `world` holds the
servers, the second database client and the disk trouble that make them fail; nothing in it knows of Healing.
"""
