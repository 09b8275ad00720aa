from tests.healing.diagnosis.corpus.chains import CHAINS, MESSAGES
from tests.healing.diagnosis.corpus.databases import DATABASES
from tests.healing.diagnosis.corpus.http import HTTP
from tests.healing.diagnosis.corpus.services import SERVICES
from tests.healing.diagnosis.corpus.system import PROGRAMMING, SYSTEM

CORPUS = [*SYSTEM, *PROGRAMMING, *HTTP, *SERVICES, *DATABASES, *CHAINS, *MESSAGES]
