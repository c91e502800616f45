"""A mail server that is strict: aiosmtpd takes mail, and Python's own `email` says what is malformed in it.

Usage: judge.py PORT DKIM_KEYS. Prints one line of JSON for each message that it took: what the envelope said, what it
complains of, how many DKIM signatures are good by the keys (`name value` in each line), and the parts. It is written
against the RFCs, and shares no line with what it judges.
"""

import asyncio
import base64
import email
import email.policy
import json
import re
import sys
from email.errors import NonASCIILocalPartDefect

import dkim
from aiosmtpd.smtp import SMTP

LINE_BYTES_MAX = 998  # RFC 5322 §2.1.1
ONCE = {"from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject", "date"}


def of_lines(content, options):
    """RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1, RFC 6152 §3."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        yield "a CR or LF stands alone"
    if b"\0" in content:
        yield "a NUL"
    if not content.endswith(b"\r\n"):
        yield "the last line does not end"
    if any(len(line) > LINE_BYTES_MAX for line in content.split(b"\r\n")):
        yield "a line is too long"
    if not content.isascii() and "BODY=8BITMIME" not in options and "SMTPUTF8" not in options:
        yield "8-bit bytes that nobody announced"


def of_header(head, options):
    """RFC 5322 §2.2 and §3.6."""
    if not head.isascii() and "SMTPUTF8" not in options:
        yield "a header outside ASCII that nobody announced"
    names = []
    for line in head.split(b"\r\n"):
        if re.fullmatch(rb"[ \t]+[^ \t].*", line):
            continue
        field = re.fullmatch(rb"([!-9;-~]+): .*|([!-9;-~]+):", line)
        if not field:
            yield f"no field: {line!r}"
            continue
        names.append((field[1] or field[2]).decode().lower())
    for name in ONCE:
        if names.count(name) > 1:
            yield f"{name} stands twice"
    for name in ("from", "date", "message-id"):
        if name not in names:
            yield f"no {name}"


def of_part(part, options):
    """Whatever Python's own parser finds, in the part and in each value of its header."""
    yield from (f"{part.get_content_type()}: {defect!r}" for defect in part.defects)
    for name, value in part.items():
        for defect in value.defects:
            # RFC 6532 §3.2 allows it where it was announced; Python's parser does not know.
            if not (isinstance(defect, NonASCIILocalPartDefect) and "SMTPUTF8" in options):
                yield f"{name}: {defect!r}"


def parsed(content, options):
    """Read as bytes, every letter outside ASCII is a defect to Python: where they were announced it reads text."""
    if "SMTPUTF8" in options:
        return email.message_from_string(content.decode(), policy=email.policy.SMTPUTF8)
    return email.message_from_bytes(content, policy=email.policy.SMTPUTF8)


def piece(part):
    content = part.get_content()
    return {
        "type": part.get_content_type(),
        "disposition": part.get_content_disposition(),
        "name": part.get_filename(),
        "text": content if isinstance(content, str) else None,
        "base64": base64.b64encode(part.get_payload(decode=True)).decode(),
    }


def good_signatures(content, keys):
    try:
        with open(keys, encoding="ascii") as lines:
            known = dict(line.rstrip("\n").split(" ", 1) for line in lines)
    except FileNotFoundError:
        return 0
    message = dkim.DKIM(content)
    count = sum(1 for name, _ in message.headers if name.lower() == b"dkim-signature")

    def good(at):
        try:
            return message.verify(idx=at, dnsfunc=lambda name, timeout=5: known[name.decode()].encode())
        except dkim.DKIMException:
            return False

    return sum(1 for at in range(count) if good(at))


class Judge:
    def __init__(self, keys):
        self.keys = keys

    async def handle_DATA(self, server, session, envelope):
        content, options = envelope.content, envelope.mail_options
        head = content.split(b"\r\n\r\n", 1)[0]
        complaints = [*of_lines(content, options), *of_header(head, options)]
        # Defects are collected, not raised: all of them are told.
        message = parsed(content, options)
        for part in message.walk():
            complaints.extend(of_part(part, options))
        leaves = [part for part in message.walk() if not part.is_multipart()]
        found = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": options,
            "complaints": complaints,
            "goodSignatures": good_signatures(content, self.keys),
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "parts": [piece(part) for part in leaves],
        }
        print(json.dumps(found), flush=True)
        return "250 2.0.0 Taken"


async def serve(port, keys):
    loop = asyncio.get_running_loop()
    judge = Judge(keys)
    server = await loop.create_server(
        lambda: SMTP(judge, hostname="second.test", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
