"""Last and least: errors of unknown types, by how their message begins. Text proves nothing of what was executed."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RATE, RETRY, TRANSACTION, Rule
from healing.vocabulary import Category, Severity


def _begins(pattern: str) -> re.Pattern[str]:
    """Patterns are in lower case, and messages are made so before they are asked: that is twice as fast."""
    return re.compile(pattern)


LEAD = _begins(
    r"(?:\s{0,4}(?:"
    r"[a-z _.'/-]{0,60}?(?:error|exception|failed|failure|fault|fatal|unavailable)\s?[:-]\s{0,4}"
    r"|(?:could not|cannot|can't|unable to|failed to|while) [a-z0-9 _.'/-]{1,160}?\s?:\s{1,4}"
    r"|[a-z0-9 _.-]{1,60}: dial (?:tcp|udp|unix) [^ ]{1,100} (?:connect: )?"
    r"|(?:get|post|put|patch|delete|head) \S{1,200}:?\s{1,4}"
    r"|caused by:?\s{1,4}"
    r"|\[(?:errno|winerror) -?\d{1,6}\]\s{1,4}"
    r"|\[[a-z ._-]{1,40}\]\s{1,4}"
    r"|\([\w.]{1,80}(?:error|exception)\)\s{1,4}"
    r"|\(\d{1,5}, ['\"]"
    r"|error \d{1,5}(?: \(\w{5}\))?:?\s{1,4}"
    r"|<urlopen error\s{1,4}"
    r")){1,3}"
)
"""What people put in front of what went wrong: `upstream error: `, `could not load x: `, `[Errno 111] `."""

_STATUS = (
    r"(?:(?:[a-z-]{2,20} ){0,4}(?:returned|responded|answered|replied|failed|got|received) )?(?:with )?(?:an? )?"
    r"(?:unexpected )?(?:http(?:/\d(?:\.\d)?)?|(?:http|server|client|api|upstream) error|(?:http )?status(?: code)?"
    r"|(?:http )?response(?: code| status)?)(?: |:|=){1,3}(?:code )?"
)

_ANSWERED = (
    r"(?:[a-z-]{2,20} ){0,4}(?:returned|responded|answered|replied|failed|got|received) (?:with )?(?:an? )?"
    r"(?:http )?(?:status )?"
)
_NO_COUNT = (
    r"(?=$|[.,;:)\]]| (?:for|from|on|after|when|while|to|at|internal|service|bad|gateway|not|too|un|error|server"
    r"|client))"
)
"""What follows a status, but not a number of things: `returned 500 items`."""

MESSAGES = (
    Rule(
        name="says_quota_used_up",
        on="",
        message=_begins(r"(you (have )?exceeded your (current )?quota|insufficient[_ ]quota|monthly quota|billing )"),
        category=Category.RATE_LIMIT,
        severity=Severity.HIGH,
        says="By its message, the account's quota is used up.",
    ),
    Rule(
        name="says_rate_limited",
        on="",
        message=_begins(
            rf"{_STATUS}429\b|{_ANSWERED}429{_NO_COUNT}|429[: -]{{1,2}}(too many|client error|rate)|(api "
            rf"|request )?rate[ -]?limit(ed)?( was"
            rf"| has been)?"
            r"( exceeded| reached| hit|: |$)|too many requests\b|(request (was )?)?throttl(ed|ing)\b|slow ?down\b"
            r"|quota exceeded|an error occurred \((throttling\w*|slowdown|toomanyrequests\w*|requestlimitexceeded"
            r"|provisionedthroughputexceeded\w*)\)"
        ),
        category=Category.RATE_LIMIT,
        course=RATE,
        says="By its message, there were too many calls.",
    ),
    Rule(
        name="says_server_error",
        on="",
        message=_begins(
            rf"{_STATUS}5\d\d\b|{_ANSWERED}5\d\d{_NO_COUNT}"
            r"|5\d\d[: -]{1,2}(server error|internal server error|bad gateway|service unavailable|gateway time)"
            r"|(bad gateway|service (is |was )?(temporarily |currently )?unavailable|internal server error"
            r"|gateway timeout"
            r"|temporarily unavailable|server (is )?(temporarily )?(overloaded|unavailable|busy)|overloaded_error)\b"
            r"|an error occurred \((internal\w*|serviceunavailable\w*)\)"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its message, the far end failed.",
    ),
    Rule(
        name="says_unauthorised",
        on="",
        message=_begins(
            rf"{_STATUS}40[137]\b|{_ANSWERED}40[137]{_NO_COUNT}|40[137][: -]{{1,2}}(client error|unauthorized|forbidden"
            rf"|proxy)|unauthori[sz]ed\b"
            r"|forbidden\b|(permission|access) (was )?denied\b|authentication (failed|required)\b|not authori[sz]ed\b"
            r"|(invalid|expired|missing|incorrect|bad) (api[ _-]?key|credentials|(access |auth |bearer )?token"
            r"|password"
            r"|signature|username)|(token|session|credentials) (has |have |is )?expired|login failed"
            r"|password authentication failed|an error occurred \((accessdenied\w*|expiredtoken\w*"
            r"|invalidaccesskeyid)\)"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="By its message, the far end does not accept who is calling.",
    ),
    Rule(
        name="says_invalid",
        on="",
        message=_begins(
            rf"{_STATUS}(400|411|413|414|415|416|417|422|431)\b|4(00|22)[: -]{{1,2}}(client error|bad req|unproc)"
        ),
        category=Category.VALIDATION,
        says="By its message, the far end does not accept what was sent.",
    ),
    Rule(
        name="says_client_error",
        on="",
        message=_begins(
            rf"{_STATUS}4\d\d\b|{_ANSWERED}4\d\d{_NO_COUNT}"
            r"|4\d\d[: -]{1,2}(client error|not found|conflict|gone|method not)"
        ),
        category=Category.EXTERNAL_API,
        says="By its message, the far end does not accept the call.",
    ),
    Rule(
        name="says_certificate_invalid",
        on="",
        message=_begins(
            r"(\[?ssl(: ?|\] ?))?certificate[_ ](verify[_ ]failed|verification failed|has expired|is not valid"
            r"|expired)"
            r"|hostname .{1,100} doesn't match|self[- ]signed certificate|(\[ssl[:\]] ?)(wrong_version|sslv3"
            r"|tlsv1|unsupp)"
            r"|(ssl|tls)(v\d)? (alert )?handshake (failed|failure)|\[ssl: [a-z_]{3,60}\]"
        ),
        category=Category.TLS,
        severity=Severity.HIGH,
        says="By its message, the two sides do not agree on TLS or its certificate.",
    ),
    Rule(
        name="says_name_not_resolved",
        on="",
        message=_begins(
            r"(name or service not known|temporary failure in name resolution|nodename nor servname|no such host\b"
            r"|getaddrinfo (failed|enotfound)|name resolution (failed|error)|dns (lookup|resolution|query) fail"
            r"|(could not|failed to|cannot) resolve (host|address|name)|no address associated with hostname"
            r"|could not translate host name|unknown host\b)"
        ),
        category=Category.DNS,
        course=CONNECT,
        says="By its message, the host's name could not be resolved.",
    ),
    Rule(
        name="says_pool_exhausted",
        on="",
        message=_begins(
            r"(the )?(database |db )?(connection )?pool (is |was )?(exhausted|full|limit|timeout)"
            r"|queuepool limit of size"
            r"|(timed out|timeout) (while )?waiting for (a |an )?(free |available |idle )?connection"
            r"|(sorry, )?too many (clients|connections)\b|remaining connection slots|no (free "
            r"|available )?connections? (is |are )?"
            r"(available|in the pool)|couldn't get a connection|all connections (are )?in use"
        ),
        category=Category.DATABASE,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its message, all connections are in use.",
    ),
    Rule(
        name="says_lock_not_granted",
        on="",
        message=_begins(
            r"(lock wait timeout|deadlock (found|detected|victim)|database (table |schema )?is locked"
            r"|could not obtain lock"
            r"|could not serialize access|serialization failure|canceling statement due to lock"
            r"|transaction (was )?deadlocked"
            r"|write ?conflict\b|restart transaction)"
        ),
        category=Category.DATABASE,
        course=TRANSACTION,
        says="By its message, a competing transaction was in the way.",
    ),
    Rule(
        name="says_database_gone",
        on="",
        message=_begins(
            r"((the )?(mysql )?server has gone away|(mysql )?server has gone|lost connection to (mysql|server"
            r"|database|backend)"
            r"|server closed the connection unexpectedly|terminating connection due to"
            r"|the database system is (starting|shutting|in)"
            r"|ssl (connection|syscall) .{0,40}(closed|eof)|(the )?database (connection )?(is |was )?(unavailable"
            r"|lost|closed)"
            r"|can't connect to (local )?mysql)"
        ),
        category=Category.DATABASE,
        course=CONNECT,
        severity=Severity.HIGH,
        says="By its message, the connection to the database was lost.",
    ),
    Rule(
        name="says_integrity",
        on="",
        message=_begins(
            r"(duplicate (key|entry)|unique (constraint|violation)|(unique|not null|check"
            r"|foreign key) constraint failed"
            r"|violates (unique|foreign|not-null|check)|null value in column|e11000 duplicate|integrity constraint)"
        ),
        category=Category.DATABASE,
        says="By its message, the data contradicts a constraint.",
    ),
    Rule(
        name="says_timed_out",
        on="",
        message=_begins(
            r"((the |a )?([a-z]{2,20} ){0,3})?(timed[ -]out|time-?out (expired|exceeded|reached|error|occurred"
            r"|while|after"
            r"|waiting)|timeout$|timeout:|timeouts? of \d)\b"
            r"|(context )?deadline exceeded|canceling statement due to statement timeout"
            r"|maximum statement execution time"
            r"|\w{0,20}pool\(host=[^)]{1,200}\): read timed out"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="By its message, there was no answer in time.",
    ),
    Rule(
        name="says_connection_trouble",
        on="",
        message=_begins(
            r"(the )?((remote|network|socket|peer|tcp|upstream|server|client|broken|database|redis|proxy) )?"
            r"(connection (was |has been |is )?(refused|reset|aborted|closed|lost|dropped|broken|terminated|error"
            r"|failed)"
            r"|broken pipe|no route to host|(network|host) is unreachable|unreachable\b|failed to connect"
            r"|could not connect"
            r"|cannot connect|can't connect|unable to connect|failed to establish a new connection"
            r"|connection to .{1,80} (refused"
            r"|failed|lost)|remote end closed|socket hang up|server disconnected|econn(refused|reset|aborted)"
            r"|unexpected eof|upstream connect error"
            r"|peer closed connection|error connecting to|connect call failed|cannot assign requested address"
            r"|all connection attempts failed|max retries exceeded|error -?\d{1,5} connecting to)"
            r"|\w{0,20}pool\(host=[^)]{1,200}\): max retries"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="By its message, the connection failed.",
    ),
    Rule(
        name="says_disk_full",
        on="",
        message=_begins(
            r"(no space left on device|disk (is )?full|disk quota exceeded|not enough (disk )?space|out of disk)"
        ),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="By its message, no room is left to write.",
    ),
    Rule(
        name="says_out_of_memory",
        on="",
        message=_begins(
            r"(cuda(?: runtime)?(?: error)?[: (]{0,3})?(?:\d\)\s?:?\s?)?out of memory\b|(hip|mps|cuda"
            r"|xla) .{0,20}out of memory"
            r"|cannot allocate memory|(defaultcpuallocator|mps backend).{0,40}(can't allocate|not enough"
            r"|out of) memory"
            r"|unable to allocate .{1,60}|(cublas|cudnn)_status_alloc_failed|(cuda error: )?(cublas"
            r"|cudnn)_status_alloc"
            r"|(java )?heap space|resource_?exhausted: oom|not enough memory"
        ),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="By its message, memory is used up.",
    ),
    Rule(
        name="says_out_of_handles",
        on="",
        message=_begins(
            r"(too many open files|can't start new thread|resource temporarily unavailable|no buffer space)"
        ),
        category=Category.RESOURCE,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its message, this machine lacks descriptors, threads or buffers at the moment.",
    ),
    Rule(
        name="says_lock_held",
        on="",
        message=_begins(
            r"((could not|failed to|cannot|unable to) (acquire|obtain|get) (the |a )?([a-z]{1,20} )?lock\b"
            r"|lock (is )?(held|timeout)"
            r"|(optimistic lock|version conflict|concurrent (modification|update)|stale (object|version|data))"
            r")"
        ),
        category=Category.CONCURRENCY,
        course=RETRY,
        says="By its message, somebody else is at work on the same thing.",
    ),
    Rule(
        name="says_queue_full",
        on="",
        message=_begins(
            r"(the )?([a-z]{1,20} )?queue (is |was )?full\b|(no brokers available|broker (is )?(not available"
            r"|unavailable))"
        ),
        category=Category.QUEUE,
        course=RETRY,
        says="By its message, the queue takes nothing at the moment.",
    ),
    Rule(
        name="says_file_trouble",
        on="",
        message=_begins(
            r"(no such file or directory|file exists|is a directory|not a directory|read-only file system"
            r"|file not found)"
        ),
        category=Category.FILESYSTEM,
        says="By its message, the path does not allow this operation.",
    ),
    Rule(
        name="says_setting_missing",
        on="",
        message=_begins(
            r"((missing|undefined|unset) (required )?(environment variable|setting|configuration|config\b|env var)"
            r"|(required )?(environment variable|setting) ['\"]?\w{1,60}['\"]? (is |was )?(not set|missing"
            r"|required|undefined)"
            r"|no module named|invalid (configuration|settings?)\b|(cuda driver version is|found no nvidia driver"
            r"|cuda error: (no kernel image|invalid device ordinal))"
            r"|\w{2,60} (environment variable |setting )?(is|was) not (set|configured)\b"
            r"|database .{1,60} does not exist)"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="By its message, a setting is missing or wrong.",
    ),
    Rule(
        name="says_shapes_do_not_fit",
        on="",
        message=_begins(
            r"(mat1 and mat2 shapes|the size of tensor a|sizes of tensors must match"
            r"|shape '.{1,80}' is invalid for input"
            r"|expected (scalar type|all tensors|object of|input|\d|.{1,60} but (got|found))|size mismatch"
            r"|given groups="
            r"|cuda error: device-side assert|in loading state_dict|\(s\) in loading state_dict"
            r"|inconsistent tensor size"
            r"|input and (hidden|parameter)|stack expects each tensor|a view of a leaf variable"
            r"|element \d{1,9} of tensors"
            r"|trying to backward through the graph|one of the variables needed for gradient"
            r"|index out of range in self"
            r"|error\(s\) in loading state_dict|number of dims don't match)"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="By its message, tensors do not fit each other.",
    ),
    Rule(
        name="says_wrong_use",
        on="",
        message=_begins(
            r"((this |there is no current |no running )event loop|event loop is closed|asyncio\.run\(\) cannot"
            r"|cannot reuse already awaited|generator (raised|already)|dictionary changed size|(set|deque"
            r"|list) (changed|mutated)"
            r"|threads can only be started once|cannot (join|release) |super\(\): |no active exception"
            r"|working outside of|an attempt has been made to start a new process"
            r"|cannot schedule new futures after|(cannot perform operation: )?another operation is in progress"
            r"|(relation|table|column) .{1,80} does not exist|no such (table|column)|syntax error at or near"
            r"|maximum recursion"
            r"|you have an error in your sql syntax)"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="By its message, the code itself is wrong for this case.",
    ),
)
