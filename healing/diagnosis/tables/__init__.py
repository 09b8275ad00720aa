"""The rows, by domain. Of rows with one key the first whose conditions hold decides; those with some come first."""

from healing.diagnosis.rule import Rule
from healing.diagnosis.tables.apis import APIS
from healing.diagnosis.tables.azure import AZURE
from healing.diagnosis.tables.brokers import BROKERS
from healing.diagnosis.tables.caches import CACHES
from healing.diagnosis.tables.cloud import CLOUD
from healing.diagnosis.tables.documents import DOCUMENTS
from healing.diagnosis.tables.frameworks import FRAMEWORKS
from healing.diagnosis.tables.http_clients import HTTP_CLIENTS
from healing.diagnosis.tables.ldap import LDAP
from healing.diagnosis.tables.machine import MACHINE
from healing.diagnosis.tables.mail import MAIL
from healing.diagnosis.tables.messages import MESSAGES
from healing.diagnosis.tables.names import NAMES
from healing.diagnosis.tables.network import NETWORK
from healing.diagnosis.tables.python import PYTHON
from healing.diagnosis.tables.sql_drivers import SQL_DRIVERS
from healing.diagnosis.tables.sqlstates import SQLSTATES
from healing.diagnosis.tables.statuses import STATUSES

TYPED: tuple[Rule, ...] = (
    *NETWORK,
    *MACHINE,
    *PYTHON,
    *STATUSES,
    *HTTP_CLIENTS,
    *APIS,
    *CLOUD,
    *AZURE,
    *SQLSTATES,
    *SQL_DRIVERS,
    *DOCUMENTS,
    *CACHES,
    *BROKERS,
    *MAIL,
    *LDAP,
    *FRAMEWORKS,
)

__all__ = ["MESSAGES", "NAMES", "TYPED"]
