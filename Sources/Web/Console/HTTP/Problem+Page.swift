import Exchange
import HTTPTypes
import Hummingbird

/// An error as a person sees it who opened a page: the same words as in the problem details, in both languages.
extension Problem {
    /// Whether somebody with a browser asked for a page: the interface answers in JSON whatever is asked for.
    static func isForPage(_ request: Request) -> Bool {
        (request.method == .get || request.method == .head) && !request.uri.path.hasPrefix("/api/")
            && request.headers[.accept]?.lowercased().contains("text/html") == true
    }

    /// The response with a page for its body; status and headers are those of the problem details.
    var page: Response {
        var response = self.response
        response.headers[.contentType] = "text/html; charset=utf-8"
        response.body = ResponseBody(byteBuffer: ByteBuffer(string: self.html))
        return response
    }

    var html: String {
        let (title, detail) = (Self.parts(self.title), Self.parts(self.detail))
        let remedy = Self.parts(self.remedy)
        // Without a session the only way leads to the log-in; with one, to what is one's own.
        let ways =
            self.status == 401
            ? [("/login", "登录", "Log in")] : [("/", "首页", "Home"), ("/account", "我的账号", "Your account")]
        let links = ways.map { path, zh, en in
            "<a class=\"plain-button\" href=\"\(path)\">\(zh) <span lang=\"en\">\(en)</span></a>"
        }
        return """
            <!doctype html>
            <html lang="zh-CN">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <title>\(title.zh) \(title.en) · 砼行 Tongxing</title>
            <link rel="icon" href="/app/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/app/base.css">
            <link rel="stylesheet" href="/app/layout.css">
            <link rel="stylesheet" href="/app/account.css">
            </head>
            <body class="plain">
            <header class="bar">
              <h1 class="brand"><a href="/"><img src="/app/icon.svg" alt="" width="30" height="30">
                <span class="brand-name">砼行 <span lang="en">Tongxing</span></span></a></h1>
            </header>
            <main class="narrow">
              <section class="card problem">
                <h2>\(title.zh) <span lang="en">\(title.en)</span></h2>
                <p>\(detail.zh)。\(remedy.zh)。</p>
                <p lang="en">\(detail.en). \(remedy.en).</p>
                <p class="small">\(self.status) · \(TextEscapes.xml(self.place))</p>
                <p>\(links.joined(separator: " "))</p>
              </section>
            </main>
            </body>
            </html>

            """
    }

    /// `中文 / English` as two texts, escaped; one that is not in two parts is both.
    private static func parts(_ text: String) -> (zh: String, en: String) {
        guard let middle = text.firstRange(of: " / ") else {
            let whole = TextEscapes.xml(text)
            return (whole, whole)
        }
        return (
            TextEscapes.xml(String(text[..<middle.lowerBound])), TextEscapes.xml(String(text[middle.upperBound...]))
        )
    }
}
