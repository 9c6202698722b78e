"""Hostile texts that go through every writer (hostile inputs 28 and 29)."""

FORMULAS = (
    "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    '=HYPERLINK("http://192.0.2.1/","x")', "  =1+1", "\u00a0=1", "\u200b@x", "\n=1",
)  # fmt: skip
MARKUP = (
    "</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>", "<svg/onload=window.pwned=1>", "javascript:window.pwned=1",
    '<a href="http://192.0.2.1/">href</a>', "href", "\u202eevil\u202c", "{{7*7}}", "{% raw %}",
    "${window.pwned=1}",
    "`window.pwned=1`", "<!-- <script>", "]]>", "&lt;b&gt;", "'\"><b>", "\u2028window.pwned=1", "a\0b",
    "<link rel=stylesheet href=http://192.0.2.1/x.css>", "url(http://192.0.2.1/)", "\ud800",
)  # fmt: skip
LONG = "长" * 1_000_000
ALL = (*FORMULAS, *MARKUP)
