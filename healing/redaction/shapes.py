"""Secrets that are known by their own look: issuers' prefixes, JWT, PEM, password hashes, checksums.

Lengths are lower bounds that also catch a token that was cut off, as long as its prefix cannot be a common word.
"""

from __future__ import annotations

import base64
import re

from healing.redaction.rule import HeadTable, Rule

_START = r"(?<![A-Za-z0-9])"


def _issued(kind: str, needles: str, expression: str) -> Rule:
    """A token with an issuer's prefix, which must not begin inside a word; what is glued to it goes with it."""
    end = "" if "(?P<secret>" in expression else r"[A-Za-z0-9]{0,4096}+"
    return Rule(kind, tuple(needles.split()), _START + expression + end)


_BREAK = r"(?:\\{1,2}[rn]|\s){0,8}"
_PEM = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{0,5}"
    r"(?:" + _BREAK + r"(?:Proc-Type|DEK-Info|Version|Comment): ?[\w,. -]{1,100}){0,4}"
    r"(?:" + _BREAK + r"[A-Za-z0-9+/=]{16,256}){0,256}"
    r"(?:" + _BREAK + r"=?[A-Za-z0-9+/=]{1,76}(?=(?:\\{1,2}[rn]|\s){0,8}(?:-----|\.\.\.|…|\"|'|$)))?"
    r"(?:" + _BREAK + r"-----END[A-Z0-9 ]{0,60}-{0,5})?"
)

PEM = (
    Rule("private_key", ("private key",), _PEM),
    Rule(
        "private_key",
        ("static key v1",),
        r"-----BEGIN OpenVPN Static key V1-----(?:(?:\\n|\s){1,4}[0-9a-f]{32}){1,64}",
    ),
    Rule("private_key", ("putty-user-key",), r"PuTTY-User-Key-File-\d:[^\r\n]{0,200}(?:\r?\n[^\r\n]{0,200}){0,60}"),
    Rule("private_key", ("age-secret-key-",), r"AGE-SECRET-KEY-1[0-9A-Z]{20,80}"),
)

_ISSUED = (
    _issued("anthropic_key", "sk-ant-", r"sk-ant-[\w-]{8,200}"),
    _issued("openrouter_key", "sk-or-", r"sk-or-[\w-]{8,200}"),
    _issued(
        "openai_key",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin|None)-(?=[\w-]{0,60}\d)|(?=[A-Za-z0-9]{0,60}\d))[\w-]{16,250}",
    ),
    _issued("webhook_secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{8,200}"),
    _issued("github_token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{10,255}"),
    _issued("github_token", "github_pat_", r"github_pat_\w{10,255}"),
    _issued(
        "gitlab_token",
        "glpat glptt gldt- glrt glcbt glsoat glagent glft- glimt gloas glffct",
        r"gl(?:pat|ptt|dt|rt|rtr|cbt|soat|agent|ft|imt|oas|ffct)-[\w.-]{10,300}",
    ),
    _issued("slack_token", "xox", r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{6,255}"),
    _issued("slack_token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{6,255}"),
    _issued("aws_key_id", "akia asia abia acca", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,16}(?![a-z])"),
    _issued("aws_key", "bedrock-api-key- absk", r"(?:bedrock-api-key-|ABSK)[\w+/=-]{20,300}"),
    _issued("google_key", "aiza", r"AIza[\w-]{16,60}"),
    _issued("google_token", "ya29.", r"ya29\.[\w-]{10,500}"),
    _issued("google_secret", "gocspx-", r"GOCSPX-[\w-]{10,60}"),
    _issued("npm_token", "npm_", r"npm_[A-Za-z0-9]{16,60}"),
    _issued("pypi_token", "pypi-", r"pypi-[\w-]{16,400}"),
    _issued("rubygems_token", "rubygems_", r"rubygems_[a-f0-9]{16,60}"),
    _issued("docker_token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{10,80}"),
    _issued("sendgrid_key", "sg.", r"SG\.[\w-]{10,40}(?:\.[\w-]{1,60})?"),
    _issued("mailgun_key", "key-", r"key-[0-9a-f]{24,40}(?![\w])"),
    _issued("brevo_key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[A-Za-z0-9-]{16,120}"),
    _issued("postmark_key", "pmak-", r"PMAK-[a-f0-9]{16,30}(?:-[a-f0-9]{1,40})?"),
    _issued(
        "twilio_key",
        "sk0 sk1 sk2 sk3 sk4 sk5 sk6 sk7 sk8 sk9 ska skb skc skd ske skf",
        r"SK[0-9a-f]{32}(?![0-9A-Za-z])",
    ),
    _issued("huggingface_token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z0-9]{16,60}"),
    _issued("groq_key", "gsk_", r"gsk_[A-Za-z0-9]{16,80}"),
    _issued("xai_key", "xai-", r"xai-[A-Za-z0-9]{20,120}"),
    _issued("perplexity_key", "pplx-", r"pplx-[A-Za-z0-9]{16,80}"),
    _issued("nvidia_key", "nvapi-", r"nvapi-[\w-]{16,100}"),
    _issued("pinecone_key", "pcsk_", r"pcsk_[A-Za-z0-9_]{16,120}"),
    _issued("langsmith_key", "lsv2_", r"lsv2_(?:pt|sk)_[A-Za-z0-9_]{16,80}"),
    _issued("fireworks_key", "fw_", r"fw_[A-Za-z0-9]{20,40}(?![A-Za-z0-9])"),
    _issued("tavily_key", "tvly-", r"tvly-[A-Za-z0-9-]{16,60}"),
    _issued("databricks_token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _issued("vault_token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{16,300}"),
    _issued("digitalocean_token", "dop_ doo_ dor_", r"do[orp]_v1_[a-f0-9]{16,64}"),
    _issued("shopify_token", "shp", r"shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{16,64}"),
    _issued("square_token", "sq0", r"sq0(?:atp|csp|idp)-[\w-]{16,60}"),
    _issued("square_token", "eaaa", r"EAAA[\w-]{50,80}"),
    _issued("facebook_token", "eaam eaac", r"EAA[MC][A-Za-z0-9]{20,250}"),
    _issued("paypal_token", "access_token$", r"access_token\$(?:production|sandbox)\$[a-z0-9]{8,20}\$[a-f0-9]{8,40}"),
    _issued("linear_key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{16,80}"),
    _issued("notion_token", "ntn_ secret_", r"(?:ntn_[A-Za-z0-9]{20,60}|secret_[A-Za-z0-9]{40,50})"),
    _issued("airtable_token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{16,64}"),
    _issued("atlassian_token", "atatt3 atctt3 atbb", r"(?:ATATT3|ATCTT3|ATBB)[\w=.+-]{16,300}"),
    _issued("figma_token", "figd_ figo_ figu_ figr_", r"fig[dour]_[\w-]{16,60}"),
    _issued("pulumi_token", "pul-", r"pul-[a-f0-9]{16,40}"),
    _issued("grafana_token", "glsa_ glc_", r"(?:glsa|glc)_[A-Za-z0-9+/=_]{16,300}"),
    _issued("newrelic_key", "nrak- nraa- nral- nrii- nrjs-", r"(?:NRA[KAL]|NRII|NRJS)-[A-Za-z0-9-]{16,60}"),
    _issued("sentry_token", "sntry", r"sntry[su]_[A-Za-z0-9+/=_]{16,300}"),
    _issued("posthog_key", "phx_ phc_ phs_", r"ph[xcs]_[A-Za-z0-9]{20,60}"),
    _issued("planetscale_token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w.-]{16,80}"),
    _issued("supabase_key", "sbp_ sb_secret_", r"(?:sbp|sb_secret)_[A-Za-z0-9_-]{16,60}"),
    _issued("vercel_token", "vcp_ vci_ vca_ vcr_ vck_", r"vc[piark]_[A-Za-z0-9]{16,80}"),
    _issued("render_key", "rnd_", r"rnd_[A-Za-z0-9]{20,60}"),
    _issued("heroku_key", "hrku-", r"HRKU-[\w-]{16,80}"),
    _issued("fly_token", "fm1 fm2", r"fm[12][ar]?_[A-Za-z0-9+/=_,]{20,500}"),
    _issued("fly_token", "fo1_", r"fo1_[\w-]{20,80}"),
    _issued("tailscale_key", "tskey-", r"tskey-[a-z]{2,10}-[\w-]{8,100}"),
    _issued("cloudflare_key", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{16,150}"),
    _issued("sourcegraph_token", "sgp_", r"sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{20,40}"),
    _issued("hubspot_token", "pat-", r"pat-(?:na|eu)\d-[a-f0-9-]{16,40}"),
    _issued("okta_token", "ssws", r"(?i:SSWS) (?P<secret>00[\w-]{20,60})"),
    _issued("onepassword_token", "ops_ey", r"ops_ey[\w=-]{20,500}"),
    _issued("easypost_key", "ezak eztk", r"EZ[AT]K[A-Za-z0-9]{20,60}"),
    _issued("alibaba_key_id", "ltai", r"LTAI[A-Za-z0-9]{12,30}"),
    _issued("adobe_secret", "p8e-", r"p8e-[A-Za-z0-9]{16,40}"),
    _issued("doppler_token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{16,80}"),
    _issued("apify_token", "apify_api_", r"apify_api_[A-Za-z0-9]{16,60}"),
    _issued("razorpay_key", "rzp_", r"rzp_(?:live|test)_[A-Za-z0-9]{8,40}"),
    _issued("flutterwave_key", "flwseck", r"FLWSECK(?:_TEST)?-[A-Za-z0-9-]{10,60}"),
    _issued("contentful_token", "cfpat-", r"CFPAT-[\w-]{16,60}"),
    _issued("clojars_token", "clojars_", r"CLOJARS_[a-z0-9]{20,80}"),
    _issued("circleci_token", "ccipat_ cciprj_", r"CCIP(?:AT|RJ)_\w{20,120}"),
    _issued("duffel_token", "duffel_", r"duffel_(?:test|live)_[\w=-]{20,80}"),
    _issued("dynatrace_token", "dt0c01 dt0s", r"dt0[cs]\d\d\.[A-Z0-9]{16,40}(?:\.[A-Z0-9]{20,80})?"),
    _issued("shippo_token", "shippo_", r"shippo_(?:live|test)_[a-f0-9]{20,60}"),
    _issued("readme_key", "rdme_", r"rdme_[a-z0-9]{40,100}"),
    _issued("prefect_key", "pnu_ pnb_", r"pn[ub]_[A-Za-z0-9]{20,60}"),
    _issued("dropbox_token", "sl.", r"sl\.(?:u\.)?[\w-]{60,1200}"),
    _issued(
        "paseto",
        "v1.local v2.local v3.local v4.local v1.public v2.public v3.public v4.public",
        r"v[1-4]\.(?:local|public)\.[\w.-]{16,2000}",
    ),
    _issued("private_key", "xprv yprv zprv tprv", r"[xyzt]prv[1-9A-HJ-NP-Za-km-z]{40,120}"),
    _issued("fernet_token", "gaaaaa", r"gAAAAA[\w-]{40,2000}={0,2}"),
    _issued("yandex_key", "aqvn", r"AQVN[\w-]{30,60}"),
    _issued("yandex_token", "t1.", r"t1\.[\w-]{16,300}(?:\.[\w-]{20,200})?={0,2}"),
    _issued("artifactory_key", "akcp cmvmdg", r"(?:AKCp[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9]{40,80})"),
    _issued("octopus_key", "api-", r"API-[A-Z0-9]{24,36}"),
    _issued("netlify_token", "nfp_", r"nfp_[A-Za-z0-9]{20,60}"),
    _issued("nuget_key", "oy2", r"oy2[a-z0-9]{43}"),
    _issued("mapbox_token", "sk.ey pk.ey tk.ey", r"[spt]k\.ey[\w-]{20,200}(?:\.[\w-]{1,60})?"),
    _issued("resend_key", "re_", r"re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{16,40}"),
    _issued("buildkite_token", "bkua_ bkaj_", r"bk(?:ua|aj)_[A-Za-z0-9]{20,60}"),
    _issued("wakatime_key", "waka_", r"waka_[0-9a-f-]{20,60}"),
    _issued("jina_key", "jina_", r"jina_[A-Za-z0-9_-]{30,100}"),
    _issued("firecrawl_key", "fc-", r"fc-[0-9a-f]{32}"),
    _issued("cerebras_key", "csk-", r"csk-[A-Za-z0-9]{24,80}"),
    _issued("gitlab_token", "gr1348941", r"GR1348941[\w-]{16,60}"),
    _issued("adafruit_key", "aio_", r"aio_[A-Za-z0-9]{20,40}"),
    _issued("frameio_token", "fio-u-", r"fio-u-[\w=-]{30,100}"),
    _issued("typeform_token", "tfp_", r"tfp_[\w.=-]{30,100}"),
    _issued("infracost_key", "ico-", r"ico-[A-Za-z0-9]{24,60}"),
    _issued("age_key", "age-secret-key", r"AGE-SECRET-KEY-1[0-9A-Z]{20,80}"),
    _issued("discord_token", "mfa.", r"mfa\.[\w-]{40,120}"),
    _issued("intra42_token", "s-s4t2", r"s-s4t2(?:ud|af)-[a-f0-9]{40,80}"),
    _issued("scalingo_token", "tk-us-", r"tk-us-[\w-]{30,60}"),
    _issued("clerk_key", "ak_ m2m_", r"(?:ak|m2m)_[A-Za-z0-9]{30,60}"),
    _issued("secret_token", "secret-token", r"secret-token:[\w%.~-]{8,200}"),
    _issued(
        "aws_session",
        "iqojb3jpz2lu fwogzxivyxdz fqogzxivyxdz",
        r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/=_-]{20,2000}",
    ),
)

_ENCLOSED = (
    _issued("langfuse_key", "-lf-", r"[sp]k-lf-[\w-]{8,80}"),
    _issued("stripe_key", "k_live_ k_test_", r"[srp]k_(?:live|test)_[A-Za-z0-9]{6,250}"),
    _issued(
        "slack_webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+-]{8,200})",
    ),
    _issued(
        "discord_webhook",
        "/webhooks/",
        r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/(?P<secret>[\w-]{8,120})",
    ),
    Rule("discord_token", (".",), r"[MNO](?<![A-Za-z0-9].)[TDjz][\w-]{21,27}+\.[\w-]{6}\.[\w-]{20,60}(?![\w-])"),
    _issued("teams_webhook", "webhook.office.com", r"webhook\.office\.com/webhookb2/(?P<secret>[\w@/-]{20,300})"),
    _issued("telegram_token", ":aa", r"(?:bot)?\d{8,10}:AA[\w-]{25,40}"),
    _issued("google_token", "1//0", r"1//0[\w-]{16,200}"),
    _issued("cargo_token", "cio", r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    _issued("mailchimp_key", "-us", r"[0-9a-f]{32}-us\d{1,2}(?!\d)"),
    _issued("replicate_token", "r8_", r"r8_[A-Za-z0-9]{16,60}"),
    _issued("terraform_token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{10,80}"),
    _issued("azure_secret", "8q~ 7q~", r"[\w.~-]{3}[78]Q~[\w.~-]{20,40}"),
)

_JWT = r"e(?<![A-Za-z0-9]e)[yw][A-Za-z0-9_-]{10,4096}+(?:\.[A-Za-z0-9_-]{0,8192}){0,4}"


_HEADER = re.compile(rb"\{\s{0,4}\"(?:alg|typ|kid|enc|zip|cty|jku|jwk|x5|epk|crit|iss|sub|aud|p2|k\"|tag)")


def _is_jwt(match: re.Match[str]) -> bool:
    """Its head, decoded, begins like a JSON object; without a second part, only like a header, cut off or not."""
    head = match[0].split(".", 1)[0][:64]
    head = head[: len(head) // 4 * 4]
    try:
        decoded = base64.urlsafe_b64decode(head)
    except ValueError:
        return False
    if decoded[:1] != b"{" or b'"' not in decoded[:4]:
        return False
    return "." in match[0] or _HEADER.match(decoded) is not None


_ENCODED = (
    Rule("jwt", ("ey", "ew"), _JWT, _is_jwt),
    Rule("password_hash", ("$2",), r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,53}"),
    Rule("password_hash", ("$argon2",), r"\$argon2(?:id|i|d)\$[\w=,$+/.-]{10,250}"),
    Rule(
        "password_hash", ("$",), r"\$(?:[1567yPH]|apr1|sha1|md5|bcrypt-sha256|pbkdf2(?:-\w{1,10})?)\$[\w=./$-]{12,200}"
    ),
    Rule("password_hash", ("pbkdf2", "scrypt"), r"(?:pbkdf2[_:]sha\d{1,3}|scrypt)[$:]\d[\w$:./+=-]{16,300}"),
    Rule(
        "password_hash",
        ("{ssha", "{sha", "{smd5", "{crypt"),
        r"\{(?:SSHA|SHA|SMD5|CRYPT)(?:256|512)?\}[\w+/=$.]{12,200}",
    ),
)

_CARD_BRANDS = re.compile(
    r"4(?:\d{12}|\d{15})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14}"
)


def is_card_number(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    return _CARD_BRANDS.fullmatch(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(match: re.Match[str]) -> bool:
    compact = match[0].replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


_NUMBERS = (
    Rule(
        "card",
        tuple("23456"),
        r"[2-6](?<![\w.-].)(?<!\d .)\d{3}(?:(?P<gap>[ -])\d{4,6}(?P=gap)\d{4,5}(?:(?P=gap)\d{3,4})?|\d{9,12})"
        r"(?![\w-]|\.\d)",
        is_card_number,
    ),
    Rule(
        "iban",
        tuple("0123456789"),
        r"[A-Z](?<![\w-].)[A-Z]\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}(?![\w-])",
        is_iban,
    ),
)

_JWK = Rule("private_key", ('"kty"', "'kty'"), r"[\"'](?:d|p|q|dp|dq|qi|k)[\"'] ?: ?[\"'](?P<secret>[\w-]{16,2048})")
SHAPES = (HeadTable(_ISSUED), *_ENCLOSED, *_ENCODED, *_NUMBERS, _JWK)
