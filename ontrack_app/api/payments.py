"""Payments over HTTP: recorded by hand; card payments are moved by the gateway's events alone."""

from models.payments import PAYMENT_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.invoices import PaymentBody, PaymentCard
from ontrack_app.services import payments

PAYMENTS = Noun(
    "payments", payments, PAYMENT_FIELDS, PaymentCard, PaymentBody, archives=False, writes="record"
)
