"""The pages of the console, who looks at them, and what has been done before so that there is something to see."""

from dataclasses import dataclass, field

GIVE_PURPOSE = ("""
    const purpose = document.getElementById('purpose');
    purpose.value = 'AJ-2026-017';
    purpose.form.requestSubmit();
    """, "!document.getElementById('purpose')")
HAS_PURPOSE = "document.getElementById('purpose')"


def click(selector):
    return f"document.querySelector(`{selector}`).click()"


@dataclass
class Page:
    """One picture: where it is, who looks, when it is ready, and what is done there: (script, until)."""

    name: str
    zh: str
    en: str
    path: str
    visitor: str
    ready: str
    steps: list = field(default_factory=list)


LIVE = "document.querySelector('#deliveries .row') && document.querySelector('.figure-moving dd').textContent !== '0'"
PAGES = [
    Page("login", "登录", "Log in", "/login", "nobody", "document.activeElement?.id === 'name'"),
    Page("live", "实时地图", "Live map", "/", "operator", LIVE),
    Page("live-delivery", "运单与轨迹", "A delivery on the live map", "/", "operator", LIVE, [
        (click("#deliveries .row:has(.rule)"), HAS_PURPOSE),
        (GIVE_PURPOSE[0], "document.querySelector('.trail-line')?.textContent.match(/[0-9]/)")]),
    Page("alerts", "预警", "Alerts", "/", "operator", LIVE, [
        (click("#tab-alerts"), "document.querySelectorAll('#alerts .alert-row').length > 2")]),
    Page("alert", "一条预警", "One alert", "/", "operator", LIVE, [
        (click("#tab-alerts"), "document.querySelector('[data-key=alert-mine]')"),
        (click("[data-key=alert-mine]"), "document.querySelectorAll('#alerts .alert-row').length === 2"),
        (click("#alerts .alert"), "document.querySelectorAll('.history li').length === 3")]),
    Page("queue", "线索", "Queue", "/queue", "officer", "document.querySelectorAll('.queued').length > 2"),
    Page("suspects", "疑似搅拌点", "Suspected plants", "/queue", "officer", "document.getElementById('tab-suspects')", [
        (click("#tab-suspects"), "document.querySelector('.hours')")]),
    Page("precision", "规则准确率", "Precision of rules", "/queue", "officer",
         "document.getElementById('tab-rules')", [(click("#tab-rules"), "document.querySelector('.interval-bar')")]),
    Page("delivery", "运单核查", "Delivery", "/delivery/{delivery}", "officer", HAS_PURPOSE, [
        (GIVE_PURPOSE[0], "document.querySelector('.lane-chart') && document.querySelector('.checks li')")]),
    Page("cases", "案件", "Cases", "/cases", "officer", "document.querySelector('td a')"),
    Page("case", "一个案件", "One case", "/case/{case}", "officer", "document.querySelector('.history li')"),
    Page("registers", "登记", "Registers", "/registers/plants", "admin", "document.querySelectorAll('td a').length > 2"),
    Page("register", "一个搅拌站的登记", "A plant in its register", "/registers/plants/{plant}", "admin",
         "document.getElementById('edit') && document.querySelector('.validity')"),
    Page("register-edit", "更改登记与围栏", "Changing a register and its fence", "/registers/plants/{plant}", "admin",
         "document.getElementById('edit')", [(click("#edit"), "document.querySelector('.handle.whole')")]),
    Page("import", "导入预览", "An import looked through", "/registers/places", "admin",
         "document.querySelector('input[type=file]')", [("""
            const files = new DataTransfer();
            files.items.add(new File(['place_id,name,kind,lat,lon,radius_m\\nF-31,城东加油站,fuel,30.74,120.79,60\\n'
              + 'F-32,城西加油站,petrol,30.75,120.68,60\\nD-09,停车场,depot,95,120.7,80\\n'], 'places-2026.csv'));
            document.querySelector('input[type=file]').files = files.files;
            document.querySelector('.import-form button').click();
            """, "document.querySelector('.preview .odd')"),
        ("document.querySelector('.import-form').scrollIntoView()", "true")]),
    Page("safety", "安全", "Safety", "/safety?year=2025&baseline=2015", "safety", "document.querySelector('svg')"),
    Page("rates", "事故率（保险机构）", "Accident rates, for an insurer", "/rates", "insurer",
         "document.querySelector('#main table tbody tr')"),
    Page("turns", "右转黑点", "Black spots of right turns", "/safety/map", "safety",
         "document.querySelectorAll('#list tbody tr').length > 2 && document.querySelector('.leaflet-pane canvas, .leaflet-pane svg')"),
    Page("accounts", "账号", "Accounts", "/account", "security", "document.querySelectorAll('#accounts tbody tr').length > 3"),
    Page("audit", "审计日志", "Audit log", "/account", "auditor", "document.querySelectorAll('#audit tbody tr').length > 3", [
        ("document.getElementById('audit').scrollIntoView()", "true")]),
]


def prepare(visitors):
    """What a few days of work leave behind; answers what stands in the pages' addresses."""
    officer, operator = visitors["officer"], visitors["operator"]
    queue = [item["delivery"]["delivery_id"] for item in officer.get("/api/v1/queue?state=open&limit=50")["items"]]

    def decide(delivery, **decision):
        return officer.post(f"/api/v1/deliveries/{delivery}/decisions", decision)["items"][-1]

    # The gravest stays open, the next goes into a case, some of the last were nothing.
    decide(queue[0], decision="dispatch")
    case = decide(queue[1], decision="case")["case_id"]
    for delivery in queue[-3:-1]:
        decide(delivery, decision="dismiss", reason="register_behind", note="工地已于当日补登记")
    decide(queue[2], decision="confirm", note="现场核查：无资质站点")
    for entry in (
        {"kind": "item", "item": {"kind": "delivery", "id": queue[2]}},
        {"kind": "note", "note": "已通知属地中队，明日现场核查。"},
        {"kind": "status", "status": "filed", "note": "符合立案条件"},
        {"kind": "deadline", "term": "preservation"},
        {"kind": "appeal", "appeal": "defence", "note": "当事人提交书面陈述"},
    ):
        officer.post(f"/api/v1/cases/{case}/entries", entry)
    officer.post("/api/v1/cases", {"title": "夜间无票运输"})
    alerts = operator.get("/api/v1/alerts?state=unclosed&limit=20")["items"]
    alerts.sort(key=lambda alert: -alert["severity"])
    for alert, action in [
        (alerts[0], {"action": "acknowledge"}), (alerts[0], {"action": "assign", "assignee": "li.wei"}),
        (alerts[0], {"action": "comment", "note": "已致电企业安全员"}), (alerts[1], {"action": "assign", "assignee": "li.wei"}),
    ]:
        operator.post(f"/api/v1/alerts/{alert['alert_id']}/actions", action)
    plants = visitors["admin"].get("/api/v1/registers/plants?limit=5")["items"]
    return {"delivery": queue[0], "case": case, "plant": plants[0]["id"]}
