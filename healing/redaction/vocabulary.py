"""The words that names of secrets are made of, in English and the languages that services are written in."""

from __future__ import annotations


def word_set(listed: str) -> frozenset[str]:
    """The words of a text, as the tables of this package list them."""
    return frozenset(listed.split())


ANYWHERE = {
    "password": (
        "password, passwords, passwd, passwds, pwd, pwds, pswd, passphrase, pass phrase, passcode, requirepass,"
        "masterauth, mnemonic, seed phrase, recovery phrase, seed words, passw, storepass, keypass, pass word, psk,"
        "pre shared key, preshared key, wpa passphrase, sae password, wep key, snmp community, community string"
    ),
    "secret": "secret, secrets, code verifier, unseal key, recovery key, unseal keys, recovery keys",
    "token": (
        "token, tokens, jwt, csrf, xsrf, bearer, saml response, samlresponse, saml assertion, saml art, wresult,"
        "client assertion"
    ),
    "api_key": "apikey, apikeys, x apikey, key material",
    "private_key": "privatekey, pem key",
    "credentials": "credential, credentials, creds, access key id",
    "authorization": "authorization",
    "cookie": "cookie, cookies",
    "session": "session id, sessionid, session key, sessid, phpsessid, jsessionid, connect sid",
    "answer": "security answer, secret answer",
    "otp": (
        "otp, totp, mfa code, verification code, security code, auth code, authorization code, recovery code,"
        "recovery codes, backup code, backup codes, access code, one time code, login code, pin code"
    ),
    "card": (
        "card number, card no, pan number, credit card, cardnumber, creditcard, cc number, cvv, cvc, cvv2, card code"
    ),
    "signature": (
        "hub signature, stripe signature, slack signature, amz signature, x signature, goog signature,"
        "signature provided, webhook signature, request signature"
    ),
    "dsn": "dsn, conn str, conn string, connstr, connection string, connectionstring, connection uri, connection url",
}
LAST = {
    "credentials": "auth",
    "password": "pass, pw",
    "otp": "pin",
    "email": "email, e mail, email address, mail address",
    "phone": "phone, phone number, telephone, mobile number, cell phone, fax, fax number, msisdn",
    "ssn": (
        "ssn, social security, social security number, national id, national insurance number, passport number,"
        "passport no, tax id, nino"
    ),
    "birth_date": (
        "date of birth, dob, birthdate, birth date, birthday, born on, geburtsdatum, date de naissance,"
        "fecha de nacimiento, data de nascimento, data di nascita"
    ),
    "iban": "iban, bank account number",
    "name": "maiden name",
}
KEY_OWNERS = (
    "api access secret private signing encryption decryption master account shared auth ssh deploy license licence "
    "webhook hmac crypto aes rsa fernet jwt app application consumer client admin root server subscription functions "
    "integration service role write ingest instrumentation cipher symmetric signature django flask maps "
    "connection provisioning enrollment activation cosmos servicebus eventhub iothub cognitive translator unseal "
    "primaryconnection secondaryconnection"
)
GLUED = {
    "password": "password",
    "passwort": "password",
    "kennwort": "password",
    "passwd": "password",
    "passphrase": "password",
    "secret": "secret",
    "token": "token",
    "apikey": "api_key",
    "secretkey": "secret",
    "accesskey": "api_key",
    "consumerkey": "api_key",
    "signingkey": "api_key",
    "sharedkey": "api_key",
    "accountkey": "api_key",
    "encryptionkey": "api_key",
    "privatekey": "private_key",
    "authkey": "api_key",
    "connectionkey": "api_key",
    "licensekey": "api_key",
    "masterkey": "api_key",
    "subscriptionkey": "api_key",
    "functionkey": "api_key",
    "storagekey": "api_key",
    "webhookkey": "api_key",
    "clientkey": "api_key",
    "deploykey": "private_key",
    "presharedkey": "password",
    "sshkey": "private_key",
    "hmackey": "api_key",
    "decryptionkey": "api_key",
    "servicekey": "api_key",
    "storepass": "password",
    "keypass": "password",
    "passcode": "password",
    "dbpass": "password",
    "userpass": "password",
    "rootpass": "password",
    "adminpass": "password",
    "mailpass": "password",
    "smtppass": "password",
    "ftppass": "password",
    "authcode": "otp",
    "samlresponse": "token",
    "sessionid": "session",
    "credentials": "credentials",
}
PERSONAL = frozenset({"email", "phone", "ssn", "birth_date", "iban", "name"})
"""Kinds that `personal_data=False` leaves in place."""
PERSONAL_BY_SHAPE = frozenset({"email", "phone", "iban"})

HARMLESS_AFTER = word_set(
    "count counts type types ttl expiry expires expiration expired expire exp timeout limit limits length len size "
    "policy age max min url uri endpoint name names label field fields title at date time timestamp issuer audience "
    "algorithm alg version arn path file filename dir directory location domain enabled disabled required status "
    "state valid validity used usage budget rate cost price index position factory provider backend manager class "
    "strength score attempt attempts retries rotation days seconds minutes hours ms changed updated created format "
    "schema template prefix scope ratio per latency set error errors message reason mismatch failure failures input "
    "prompt form view hasher validator validators store storage bucket table column group owner source env var "
    "param parameter policies samesite secure httponly jar middleware authentication ref refs reference selector help "
    "placeholder description hint instructions identity chiave exists mode rule rules strategy"
)
HARMLESS_BEFORE_TOKEN = word_set("next page continuation eos bos pad unk sep cls mask start end stop special reserved")
HARMLESS_BEFORE_TOKENS = HARMLESS_BEFORE_TOKEN | word_set(
    "max min num total prompt completion input output cached reasoning n used remaining estimated audio context "
    "generated consumed"
)
PASS_OWNERS = word_set(
    "db database user smtp mail email ftp sftp redis admin root login auth proxy http ssh mysql postgres pg amqp "
    "rabbitmq mongo ldap imap pop wifi svn git app basic server become sudo vault require"
)
PIN_OWNERS = word_set("card user security sim account atm debit")
ID_IS_HARMLESS_AFTER = frozenset({"token", "credentials", "key", "cookie", "api_key", "card"})
HARMLESS_BEFORE = word_set("invalid expired missing unsupported malformed unknown")
CLAVE_OWNERS = word_set("usuario acceso secreta su tu la una api db bd contrasena nueva vieja actual")
DESCRIPTIVE = HARMLESS_AFTER | word_set(
    "id ids user username login account region zone role roles scope scopes kind host hostname port server database db "
    "tenant client project audience iss aud sub email active default comment note notes tag tags display service "
    "username benutzer benutzername usuario utilisateur engine protocol driver number serial environment realm "
    "mode level ip address city country currency amount lang language locale"
)
"""Last words of names that say something about a secret beside it, within one object."""
