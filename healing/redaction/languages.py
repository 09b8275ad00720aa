"""What secrets are called outside English; a name may be written without the accents."""

from __future__ import annotations

NAMES = {
    "password": (
        "passwort, kennwort, losungswort, geheimzahl, senha, palavra passe, contraseña, contrasenia, clave de acceso,"
        "clave acceso, clave usuario, clave de usuario, mot de passe, motdepasse, mdp, de passe, code secret,"
        "code confidentiel, phrase secrète, parola, parola d'ordine, wachtwoord, wachtzin, toegangscode, hasło, heslo,"
        "lösenord, adgangskode, kodeord, passord, salasana, tunnusluku, şifre, jelszó, лозинка, пароль, пароля,"
        "парола, гасло, кодовое слово, κωδικός, συνθηματικό, סיסמה, 密码, 密碼, 口令, パスワード, 合言葉, 暗証番号,"
        "비밀번호, 암호, mật khẩu, kata sandi, كلمة المرور, كلمة السر"
    ),
    "secret": (
        "geheimnis, segredo, secreto, segreto, geheim, sekret, hemlighet, hemmelighed, hemmelighet, salaisuus, titok,"
        "секрет, シークレット, 비밀"
    ),
    "token": "jeton, jetons, gettone, токен, トークン, 令牌, 토큰, رمز الوصول",
    "api_key": (
        "zugangsschlüssel, zugriffsschlüssel, geheimschlüssel, api schlüssel, apischlüssel, lizenzschlüssel,"
        "geheimer schlüssel, verschlüsselungsschlüssel, signaturschlüssel, hauptschlüssel, kontoschlüssel,"
        "sicherheitsschlüssel, sitzungsschlüssel, freigabeschlüssel,"
        "clé api, clé d'api, clé secrète, clé d'accès, clé accès, clé de chiffrement, clé de signature, clé de licence,"
        "clef secrète, clef api, clef d'accès, clave secreta, clave api, clave de api, clave de cifrado, clave maestra,"
        "clave de firma, llave secreta, llave api, llave de acceso, llave maestra, chave secreta, chave api,"
        "chave de api, chave de acesso, chave acesso, chave mestra, chave de criptografia, chave de assinatura,"
        "chiave segreta, chiave api, chiave di accesso, chiave accesso, chiave di cifratura, chiave di licenza,"
        "geheime sleutel, api sleutel, apisleutel, toegangssleutel, licentiesleutel, tajny klucz, klucz tajny,"
        "klucz api, klucz dostępu, klucz szyfrowania, klucz licencyjny, hemlig nyckel, api nyckel, apinyckel,"
        "åtkomstnyckel, hemmelig nøgle, api nøgle, adgangsnøgle, hemmelig nøkkel, api nøkkel, salainen avain,"
        "api avain, gizli anahtar, api anahtarı, erişim anahtarı, tajný klíč, api klíč, přístupový klíč,"
        "titkos kulcs, api kulcs, cheie secretă, cheia secretă, cheie api, cheie de acces,"
        "секретный ключ, ключ доступа, ключ api, api ключ, ключ шифрования, секретний ключ, ключ доступу,"
        "апи ключ, таен ключ, μυστικό κλειδί, 密钥, 密鑰, 秘钥, アクセスキー, api キー, シークレットキー,"
        "접근키, api 키"
    ),
    "private_key": (
        "privater schlüssel, privatschlüssel, clé privée, clef privée, clave privada, llave privada, chave privada,"
        "chiave privata, privésleutel, private sleutel, klucz prywatny, privat nyckel, privat nøgle, privat nøkkel,"
        "yksityinen avain, özel anahtar, soukromý klíč, privát kulcs, cheie privată, cheia privată, закрытый ключ,"
        "приватный ключ, приватний ключ, частен ключ, ιδιωτικό κλειδί, 私钥, 私鑰, 秘密鍵, 개인키"
    ),
    "credentials": (
        "zugangsdaten, anmeldedaten, credenciales, credenciais, credenziali, inloggegevens, poświadczenia,"
        "inloggningsuppgifter, kimlik bilgileri, учетные данные"
    ),
    "otp": (
        "zugangscode, sicherheitscode, bestätigungscode, freischaltcode, einmalcode, prüfziffer, code de vérification,"
        "code de sécurité, code d'accès, código de verificación, código de seguridad, código de acceso,"
        "código de verificação, código de segurança, código de acesso, codice di verifica, codice di sicurezza,"
        "codice di accesso, verificatiecode, beveiligingscode, pincode, kod dostępu, kod weryfikacyjny, kod pin,"
        "verifieringskod, säkerhetskod, doğrulama kodu, güvenlik kodu, код подтверждения, код доступа, пин код,"
        "код підтвердження, 验证码, 驗證碼, 認証コード, 確認コード, 인증번호, mã xác nhận"
    ),
    "card": (
        "kartennummer, numéro de carte, número de tarjeta, número do cartão, numero di carta, numer karty, номер карты"
    ),
}
LAST = {"password": "clave, lösen, geslo, slaptazodis"}
"""Words that name a secret only at a name's end."""
GLUED = {
    "密码": "password",
    "密碼": "password",
    "口令": "password",
    "パスワード": "password",
    "비밀번호": "password",
    "密钥": "api_key",
    "密鑰": "api_key",
    "私钥": "private_key",
    "令牌": "token",
    "验证码": "otp",
    "トークン": "token",
    "토큰": "token",
    "wachtwoord": "password",
    "lösenord": "password",
    "zugangsdaten": "credentials",
    "anmeldedaten": "credentials",
    "geheimnis": "secret",
}
"""What a compound ends in that is a secret whatever it begins with."""
NEEDLES = (
    "passwort",
    "kennwort",
    "geheimwort",
    "mot de passe",
    "contraseña",
    "contrasena",
    "senha",
    "palavra-passe",
    "wachtwoord",
    "hasło",
    "haslo",
    "heslo",
    "lösenord",
    "losenord",
    "adgangskode",
    "passord",
    "salasana",
    "şifre",
    "sifre",
    "parola",
    "jelszó",
    "jelszo",
    "пароль",
    "κωδικός",
    "clave",
    "пин-код",
)
"""A password in a sentence, in lower case."""
PHRASES = "|".join(NEEDLES)
VERBS = (
    "lautet|ist|war|heißt|est|était|es|era|é|è|is|to|jest|to jest|är|er|on|gesetzt auf|auf|a|à|для входа|είναι|je|was"
)
