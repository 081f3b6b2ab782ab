"""What the product is measured against: the same week of forty walks, made by others' habits. Throw-away code, in clear
and without anybody's protection. Each module has `app`, a WSGI callable."""
