"""Every file a reader takes away has an address, `/take/<page>/<what>.<ending>?<the page's own query string>`: made on the
server from the same View, facts and words as the screen."""
