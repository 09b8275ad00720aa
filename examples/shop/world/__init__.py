"""What the shop depends on: real servers on loopback, with real trouble on a schedule."""

from examples.shop.world.surroundings import World

__all__ = ["World"]
