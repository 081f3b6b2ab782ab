"""Texts that trip programs up: other directions, no width, more bytes than letters, and pieces of languages that
something might take for its own."""

from __future__ import annotations

RAN = "window.__ran=1"
"""What a text does that a browser runs."""
NAUGHTY = (
    "مرحبا بالعالم", "\u202eomgekeerd\u202c rechts", "\u2066a\u2069b", "a\u200bb\u200c\u200d\u2060c", "\ufeffbom",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇳🇱", "𝕎𝕒𝕟𝕕𝕖𝕝", "Z̷̡̧a̶l̵͕g̸o̴̢", "é vs é", "ﬁ Ǆ ß İ ı", "中文字符很长很长很长很长很长", "\U0001f9ed" * 40,
    "' OR '1'='1", "'; DROP TABLE note; --", '" UNION SELECT 1,2,3 --', "1; SELECT pg_sleep(5)", "%' LIKE '%_\\",
    "${7*7}", "#{7*7}", "%(name)s %s %d %n", "{0.__class__} {name}", "<%= 7*7 %>",
    f"<script>{RAN}</script>", f"</textarea><script>{RAN}</script>", f'"><img src=x onerror={RAN}>',
    f"' autofocus onfocus='{RAN}", f"<svg/onload={RAN}>", f"javascript:{RAN}", f"</title><script>{RAN}</script>",
    f"<!--><script>{RAN}</script>-->", f"<iframe srcdoc='<script>parent.__ran=1</script>'>", "<style>*{display:none}",
    f"<a href='javascript:{RAN}'>x</a>", f"data:text/html,<script>{RAN}</script>", "&lt;b&gt; &amp; &#0; &unknown;",
    "]]><x>", "<?php phpinfo(); ?>", "`id` $(id) | id", "../../../../etc/passwd", "..\\..\\win.ini", "%00%0d%0a",
    "regel\r\nSet-Cookie: x=1", "BEGIN:VCALENDAR\nEND:VEVENT", "a;b,c\\n:d", "=HYPERLINK(1)", "@SUM(1)", "-1+1", "\ttab",
    "nul\x00byte", "\x01\x02\x1b[31m", "\x7f\x85\u2028\u2029", "\x80\x9f", "\ufdd0\ufffe\U0001fffe", "null", "undefined", "NaN", "1e999", "-0", "٣", "½",
    "W" * 300, "woord " * 200, "x" * 5000, ".", " ", "\n\n\n",
)  # fmt: skip
