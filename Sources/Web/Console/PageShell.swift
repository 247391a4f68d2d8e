/// The one frame of the pages beside the live map: head and bar, around a main part that the page's module fills.
struct PageShell: Sendable {
    private let zh: String
    private let en: String
    private let module: String
    private let hasMap: Bool
    private let main: String

    /// - Parameters:
    ///   - module: the script's name in `Pages/`, without `.js`.
    ///   - hasMap: the page draws with Leaflet.
    init(
        _ zh: String, _ en: String, module: String, hasMap: Bool = false,
        main: String = #"<main class="wide" id="main"></main>"#
    ) {
        (self.zh, self.en, self.module, self.hasMap, self.main) = (zh, en, module, hasMap, main)
    }

    var bytes: [UInt8] {
        let styles =
            (self.hasMap ? ["/leaflet/leaflet.css"] : [])
            + ["base", "layout", "panel", "map", "account", "desk", "registers"].map { "/app/\($0).css" }
        let links = styles.map { #"<link rel="stylesheet" href="\#($0)">"# }.joined(separator: "\n")
        return Array(
            """
            <!doctype html>
            <html lang="zh-CN">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <title data-zh="\(self.zh) · 砼行" data-en="\(self.en) · Tongxing">\(self.zh) · 砼行</title>
            <link rel="icon" href="/app/icon.svg" type="image/svg+xml">
            \(links)
            <script type="module" src="/app/\(self.module).js"></script>
            </head>
            <body class="plain">
            <header class="bar">
              <h1 class="brand"><a href="/"><img src="/app/icon.svg" alt="" width="30" height="30">
                <span class="brand-name">砼行 <span lang="en">Tongxing</span></span></a></h1>
              <div class="bar-end">
                <nav class="nav" id="nav"></nav>
                <div class="who" id="who"></div>
                <button type="button" class="language" id="language"></button>
              </div>
            </header>
            \(self.main)
            <p id="said" class="said floating" role="alert"></p>
            <noscript><p class="noscript">本页需要 JavaScript。 This page needs JavaScript.</p></noscript>
            </body>
            </html>

            """.utf8)
    }

    /// Every page in this frame, by its address.
    static let all: [(path: String, shell: PageShell)] = [
        ("/account", PageShell("账号", "Account", module: "account", main: Self.account)),
        ("/queue", PageShell("线索", "Queue", module: "queue", hasMap: true, main: Self.queue)),
        ("/delivery/{id}", PageShell("运单", "Delivery", module: "delivery", hasMap: true, main: Self.delivery)),
        ("/cases", PageShell("案件", "Cases", module: "cases")),
        ("/case/{id}", PageShell("案件", "Case", module: "case")),
        ("/rates", PageShell("事故率", "Accident rates", module: "rates")),
        ("/safety/map", PageShell("右转黑点", "Black spots", module: "turn_map", hasMap: true, main: Self.turns)),
        ("/registers", PageShell("登记", "Registers", module: "register_list", hasMap: true)),
        ("/registers/{kind}", PageShell("登记", "Registers", module: "register_list", hasMap: true)),
        ("/registers/{kind}/{id}", PageShell("登记", "Registers", module: "register_item", hasMap: true)),
    ]

    private static let account = """
        <main class="wide">
          <section class="card" id="own"></section>
          <section class="card" id="accounts" hidden></section>
          <section class="card" id="audit" hidden></section>
        </main>
        """

    private static let queue = """
        <main class="wide queue">
          <div id="list"></div>
          <section class="map-side" id="map-side" data-label="queueMap" aria-label="线索地图"><div id="map" tabindex="0"></div></section>
        </main>
        """

    private static let turns = """
        <main class="wide queue">
          <div id="list"></div>
          <section class="map-side" id="map-side" data-label="turnMapLabel" aria-label="右转热力图"><div id="map" tabindex="0"></div></section>
        </main>
        """

    private static let delivery = """
        <main class="inspect">
          <div class="seen">
            <section class="map-side" data-label="mapLabel" aria-label="地图"><div id="map" tabindex="0"></div></section>
            <section class="timeline" id="timeline"></section>
          </div>
          <section class="findings details" id="findings"></section>
        </main>
        """
}
