import Casework
import Foundation

/// What is said to those who may not.
extension Problem {
    static func notLoggedIn(_ path: String) -> Problem {
        Problem(
            status: 401, type: "not-logged-in", title: "未登录 / Not logged in",
            detail: "没有有效的会话或令牌 / There is no session or token that counts", place: path,
            remedy: "在 /login 登录，或发送 Authorization: Bearer / Log in at /login, or send Authorization: Bearer")
    }

    static func forbidden(_ path: String) -> Problem {
        Problem(
            status: 403, type: "forbidden", title: "无此权限 / Not yours to do",
            detail: "您的职责不包括此项 / Your duty does not include this", place: path,
            remedy: "确有需要时请安全管理员调整职责 / If you need it, ask the security administrator for the duty")
    }

    static func passwordMustChange(_ path: String) -> Problem {
        Problem(
            status: 403, type: "password-must-change", title: "请先修改口令 / Change the password first",
            detail: "一次性口令只能用来设置自己的口令 / A one-time password is good for setting your own, and for nothing else",
            place: path, remedy: "在 /login 设置新口令 / Set a new password at /login")
    }

    static func crossSite(_ path: String) -> Problem {
        Problem(
            status: 403, type: "cross-site", title: "跨站请求 / Request from another site",
            detail: "改动须来自本控制台的页面 / A change must come from a page of this console", place: path,
            remedy: "发送 GET /api/v1/session 给出的 X-CSRF-Token / Send the X-CSRF-Token that GET /api/v1/session gives")
    }

    static var badCredentials: Problem {
        Problem(
            status: 401, type: "bad-credentials", title: "无法登录 / Cannot log in",
            detail: "账号或口令不对，或账号已停用 / Name or password is wrong, or the account is disabled",
            place: "request body",
            remedy: "重新输入；忘记口令请找系统管理员 / Try again; the administrator gives a new password")
    }

    static func lockedOut(seconds: Double) -> Problem {
        let wait = max(1, Int(seconds.rounded(.up)))
        var problem = Problem(
            status: 429, type: "locked-out", title: "暂时锁定 / Locked for now",
            detail: "口令错误次数过多，\(wait) 秒后可再试 / Too many wrong passwords; the next try is looked at in \(wait) s",
            place: "request body", remedy: "稍候重试 / Wait and try again")
        problem.retryAfter = wait
        return problem
    }

    static var openMode: Problem {
        Problem(
            status: 409, type: "open-mode", title: "开放模式 / Open mode",
            detail: "本控制台以开放模式运行，没有账号 / This console runs in open mode, without accounts",
            place: "web.access", remedy: "设置 web.access: accounts 后重启 / Set web.access: accounts and start again")
    }

    static func badBody(zh: String, en: String) -> Problem {
        Problem(
            status: 400, type: "bad-body", title: "请求正文不可用 / Body cannot be used", detail: "\(zh) / \(en)",
            place: "request body", remedy: "按 /openapi.yaml 改正后重试 / Correct it as /openapi.yaml says and try again")
    }

    static var purposeNeeded: Problem {
        Problem(
            status: 400, type: "purpose-needed", title: "须说明用途 / A purpose is needed",
            detail: "行踪轨迹是敏感个人信息，查看\(PurposeText.complaint.zh) / "
                + "Trails are sensitive personal information. \(PurposeText.complaint.en)",
            place: "query parameter purpose", remedy: "加上 purpose 重试 / Add purpose and try again")
    }

    static func account(_ error: AccountError) -> Problem {
        switch error {
        case .unknown: .unknown("account", zh: "账号", place: "path parameter name")
        case .nameTaken: .badBody(zh: "已有这个账号", en: "There is an account of this name")
        case .badName:
            .badBody(
                zh: "账号名为 1–64 个小写字母、数字或 . _ @ -，以字母或数字开头",
                en: "A name is 1–64 of a-z 0-9 . _ @ -, and begins with a letter or digit")
        case .badDuty:
            .badBody(
                zh: "企业账号须写企业，工地账号须写工地，只有监管类职责可限定区县",
                en:
                    "A company's duty names the company, a site's the site, and only those who watch may have a district"
            )
        case .unknownPlace:
            .badBody(
                zh: "登记中没有这个区县、企业或工地", en: "No register names this district, company or site")
        case .threeApart:
            Problem(
                status: 403, type: "duties-apart", title: "三员分立 / Duties are kept apart",
                detail: "任过三员之一的账号不能再任另一员 / "
                    + "An account that has held one of the three duties is given no other of them",
                place: "request body", remedy: "另建一个账号 / Use another account")
        case .lastOfDuty:
            Problem(
                status: 409, type: "last-of-duty", title: "三员缺一不可 / One of the three would be missing",
                detail: "这是此项职责唯一在用的账号 / This is the only account in use that has this duty",
                place: "path parameter name", remedy: "先把此职责交给另一个账号 / Give the duty to another account first")
        case .notYours:
            Problem(
                status: 403, type: "duties-apart", title: "三员分立 / Duties are kept apart",
                detail: "不能改动自己的职责，也不能改动另外两员的口令或状态 / "
                    + "Nobody changes his own duty, or the password or state of another of the three",
                place: "request body",
                remedy: "由相应的管理员办理，或用 tongxing accounts / "
                    + "Ask whose duty it is, or use `tongxing accounts`")
        }
    }
}
