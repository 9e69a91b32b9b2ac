"""Single maps and charts of the public edition, to stand in a frame on other websites: `/embed/<page>/<what>?<the page's query>`.

Plain HTML without a session: a chart is SVG, a map the map component itself with its files by address, so that a news site
with a million readers costs this server files that a proxy keeps."""
