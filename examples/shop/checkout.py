"""What happens when a customer buys: money and goods move, so a call is run again only where that is safe."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from examples.shop import database
from examples.shop.clients import ConnectionPool, ask
from examples.shop.config import MAIL_ADDRESS, PAYMENTS_URL, WAREHOUSE_URL
from examples.shop.database import Order, current_session
from healing import self_healing

warehouse = ConnectionPool(WAREHOUSE_URL)


@self_healing(source="shop.check_address", category="validation")
def check_address(postcode: str) -> None:
    if len(postcode) != 5 or not postcode.isdigit():
        raise ValueError(f"a postcode has five digits, not {postcode!r}")


@self_healing(source="shop.create_order", category="database", atomic=True, session=current_session, budget=3)
def create_order(order_id: str, customer: str, article: str, cents: int) -> None:
    session = current_session()
    session.add(Order(id=order_id, customer=customer, article=article, cents=cents))
    session.commit()


@self_healing(source="shop.charge_card", category="external_api", atomic=True, critical=True, budget=3)
def charge_card(order_id: str, cents: int) -> None:
    """Not idempotent: where nobody can tell whether the card was charged, the error surfaces."""
    ask(f"{PAYMENTS_URL}/charges", {"order": order_id, "cents": cents})


@self_healing(source="shop.mark_paid", category="database", idempotent=True, budget=3)
def mark_paid(order_id: str) -> None:
    database.execute("UPDATE orders SET paid = 1 WHERE id = ?", order_id)


@self_healing(source="shop.reserve_stock", category="network", idempotent=True, resets=(warehouse,), budget=3)
def reserve_stock(order_id: str, article: str) -> str:
    """The shelf from which the article will be taken."""
    shelf: str = warehouse.put(f"/reservations/{order_id}", {"article": article})["shelf"]
    return shelf


@self_healing(source="shop.send_receipt", category="external_api", atomic=True, queue=True, budget=2)
def send_receipt(order_id: str, recipient: str, cents: int) -> None:
    message = EmailMessage()
    message["From"] = "shop@shop.example"
    message["To"] = recipient
    message["Subject"] = f"Receipt for order {order_id}"
    message.set_content(f"You paid {cents / 100:.2f} euro. Thank you.")
    with smtplib.SMTP(MAIL_ADDRESS, timeout=1) as server:
        server.send_message(message)
