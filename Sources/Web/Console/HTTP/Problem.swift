package import Exchange
import Hummingbird

/// An error as the client sees it: RFC 9457 problem details that say what, where and what to do, in both languages.
package struct Problem: Error, Hashable {
    package var status: Int
    /// Last part of the type's URN, stable: clients may switch on it.
    package var type: String
    package var title: String
    package var detail: String
    /// The parameter, header or path that the problem is about.
    package var place: String
    package var remedy: String
    /// Methods that the place knows, for 405.
    package var allow: String?
    /// Seconds after which to try again, for 429.
    package var retryAfter: Int?
    /// Parts that are not ready, for `/readyz`.
    package var parts: [PartReadiness] = []
    /// What is wrong with the rows of a register, by row and column.
    package var rows: [RowError] = []

    package init(
        status: Int, type: String, title: String, detail: String, place: String, remedy: String, allow: String? = nil
    ) {
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.place = place
        self.remedy = remedy
        self.allow = allow
    }

    package var json: [UInt8] {
        JSONWriter.document { problem in
            problem.member("type", "urn:tongxing:problem:" + self.type)
            problem.member("title", self.title)
            problem.member("status", self.status)
            problem.member("detail", self.detail)
            problem.member("where", self.place)
            problem.member("remedy", self.remedy)
            if !self.rows.isEmpty { problem.rowErrors("errors", self.rows) }
            guard !self.parts.isEmpty else { return }
            problem.name("parts")
            self.parts.write(to: &problem)
        }
    }

    var response: Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        headers[.allow] = self.allow
        if self.status == 503 { headers[.retryAfter] = "2" }
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if self.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"tongxing\"" }
        return Response(
            status: .init(code: self.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: self.json)))
    }
}

extension Problem {
    /// A parameter of the query or the path that cannot be used.
    static func badParameter(_ name: String, zh: String, en: String, in kind: String = "query") -> Problem {
        Problem(
            status: 400, type: "bad-parameter", title: "参数不可用 / Parameter cannot be used",
            detail: "\(zh) / \(en)", place: "\(kind) parameter \(name)",
            remedy: "按 /openapi.yaml 改正参数后重试 / Correct the parameter as /openapi.yaml says and try again")
    }

    /// A parameter that the address does not know: it would otherwise be ignored, and its answer mistaken for another.
    static func unknownParameter(_ name: String, known: [String]) -> Problem {
        let list = known.isEmpty ? "无 / none" : known.joined(separator: ", ")
        return Problem(
            status: 400, type: "unknown-parameter", title: "未知参数 / Unknown parameter",
            detail: "参数 \(name) 未知；可用 / Parameter \(name) is not known here; known are: \(list)",
            place: "query parameter \(name)",
            remedy: "去掉或改正该参数 / Leave the parameter out or correct its name")
    }

    static var foreignHost: Problem {
        Problem(
            status: 421, type: "foreign-host", title: "主机名不符 / Not this host",
            detail: "控制台不应答这个 Host / The console does not answer to this Host", place: "header Host",
            remedy: "用 web.host 的地址访问，或把主机名加入 web.allowedHosts / "
                + "Use the address of web.host, or add the name to web.allowedHosts")
    }

    static func unknown(_ noun: String, zh: String, place: String) -> Problem {
        Problem(
            status: 404, type: "not-found", title: "没有找到 / Not found",
            detail: "没有这个\(zh) / There is no such \(noun)", place: place,
            remedy: "检查编号；刚刚重新判定的记录可能已换编号 / Check the id; a record judged again may have another one")
    }

    static func noRoute(_ path: String) -> Problem {
        Problem(
            status: 404, type: "not-found", title: "没有找到 / Not found",
            detail: "没有这个地址 / There is nothing at this address", place: path,
            remedy: "地址列于 /openapi.yaml / The addresses are listed in /openapi.yaml")
    }

    static func methodNotAllowed(_ path: String, _ methods: [String]) -> Problem {
        let list = methods.joined(separator: ", ")
        return Problem(
            status: 405, type: "method-not-allowed", title: "方法不允许 / Method not allowed",
            detail: methods.contains("POST")
                ? "这里不用这个方法 / This method has no meaning here" : "这里只能读取 / This can only be read",
            place: path, remedy: "使用 \(list) / Use \(list)", allow: list)
    }

    static func storeUnavailable(_ path: String) -> Problem {
        Problem(
            status: 503, type: "store-unavailable", title: "数据库暂不可用 / The database cannot be reached",
            detail: "服务正在重新连接 / The service is connecting again", place: path,
            remedy: "稍后重试；持续不可用时查看 /readyz / Try again shortly; if it lasts, see /readyz")
    }

    static func tooManyStreams(_ path: String) -> Problem {
        Problem(
            status: 503, type: "too-many-streams", title: "事件流已满 / Too many streams of events",
            detail: "同时打开的事件流达到上限 / The limit of open streams is reached", place: path,
            remedy: "关闭不用的页面后重试 / Close pages that are not needed and try again")
    }

    static func defect(_ path: String) -> Problem {
        Problem(
            status: 500, type: "defect", title: "服务内部错误 / Error in the service",
            detail: "详情见服务日志 / The service's log has the details", place: path,
            remedy: "重试；仍出现时报告管理员 / Try again; if it stays, tell the administrator")
    }
}

extension [PartReadiness] {
    func write(to writer: inout JSONWriter) {
        writer.array { list in
            for part in self {
                list.object {
                    $0.member("part", part.part)
                    $0.member("ready", part.isReady)
                    $0.member("message", part.message)
                }
            }
        }
    }
}
