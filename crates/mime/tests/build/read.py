"""Reads messages with Python's email package, strictly, and says what it finds of each; any defect is an error."""

import email
import email.policy
import sys
from email.errors import NonASCIILocalPartDefect


def defects(part):
    found = list(part.defects)
    for value in part.values():
        # Python counts an address of RFC 6532 among the defects.
        found.extend(defect for defect in value.defects if not isinstance(defect, NonASCIILocalPartDefect))
    return found


def describe(path):
    with open(path, "rb") as file:
        message = email.message_from_string(file.read().decode("utf-8"), policy=email.policy.SMTPUTF8)
    people = {name: [(str(a.display_name), a.addr_spec) for a in message[name].addresses]
              for name in ("From", "To", "Cc") if message[name] is not None}
    lines = [f"{name}: {person} <{address}>" for name in people for person, address in people[name]]
    lines.append(f"Subject: {message['Subject']}")
    lines.append(f"Date: {message['Date'].datetime.isoformat()}")
    for part in message.walk():
        problems = defects(part)
        if problems:
            raise SystemExit(f"{path}: {part.get_content_type()}: {problems}")
        if part.is_multipart():
            lines.append(f"{part.get_content_type()}")
            continue
        size = len(part.get_payload(decode=True))
        lines.append(f"{part.get_content_type()} {part.get_content_disposition()} {part.get_filename()} {size}")
    return "\n".join(lines)


sys.stdout.reconfigure(encoding="utf-8")
for path in sys.argv[1:]:
    print(describe(path))
