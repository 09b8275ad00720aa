from tests.healing.diagnosis.corpus.brokers import BROKERS
from tests.healing.diagnosis.corpus.chains import CHAINS, MESSAGES
from tests.healing.diagnosis.corpus.clouds import CLOUDS
from tests.healing.diagnosis.corpus.databases import DATABASES
from tests.healing.diagnosis.corpus.http import HTTP
from tests.healing.diagnosis.corpus.programs import PROGRAMS
from tests.healing.diagnosis.corpus.services import SERVICES
from tests.healing.diagnosis.corpus.system import PROGRAMMING, SYSTEM

CORPUS = [*SYSTEM, *PROGRAMMING, *HTTP, *SERVICES, *DATABASES, *CLOUDS, *BROKERS, *PROGRAMS, *CHAINS, *MESSAGES]
