import Foundation
import Testing

/// What the page's modules reckon, asked of a browser.
@Suite(.enabled(if: Browser.isInstalled, "chromium is not installed: deploy/setup.sh --test"))
struct BrowserTests {
    /// Trucks of which each reports every minute at 40 km/h; `fleet.serverNow` is a clock of the test's own.
    private static let fleet = """
        import { Fleet } from './fleet.js';
        let now = Date.parse('2026-03-02T08:00:00Z');
        const fleet = new Fleet();
        fleet.serverNow = () => now;
        const feature = (terminal, time) => ({
          geometry: { type: 'Point', coordinates: [120.7, 30.7] },
          properties: {
            terminal, plate: null, fix: true, speed_kmh: 40, heading_deg: 90, right_camera: { state: 'ok' },
            time: new Date(time).toISOString(), received_at: new Date(now).toISOString(),
          },
        });
        const hear = (age) => fleet.update({
          features: [feature('A', now - age * 1000), feature('B', now - (age + 50) * 1000)],
        });
        const states = () => [...fleet.trucks.values()].map((truck) => fleet.state(truck)).join(' ');
        """

    @Test func whileABacklogCatchesUpNobodyIsSilent() async throws {
        let said = try await Browser.run(
            Self.fleet + """

                for (const age of [86400, 3601, 3599, 1200, 601, 599, 300, 121, 119, 30, 0]) {
                  hear(age);
                  say(`${age} ${fleet.isRecorded() ? 'recorded' : 'live'} ${states()}`);
                }
                """)
        let expected = [86400, 3601, 3599, 1200, 601, 599, 300, 121].map { "\($0) recorded moving moving" }
        #expect(said == expected + [119, 30, 0].map { "\($0) live moving moving" })
    }

    @Test func whenFreshDataStopTheTrucksFallSilent() async throws {
        let said = try await Browser.run(
            Self.fleet + """

                hear(5);
                for (const wait of [300, 400, 600]) {
                  now += wait * 1000;
                  say(`${fleet.isRecorded() ? 'recorded' : 'live'} ${states()}`);
                }
                """)
        #expect(said == ["live moving moving", "live stale stale", "live stale stale"])
    }

    /// A camera's word holds for ten minutes here: after it the lane is blank, and what is said again is one band.
    @Test func aSilentCameraIsBlankOnTheTimeLine() async throws {
        let said = try await Browser.run(
            """
            import { drawLanes } from './timeline_lanes.js';
            const at = (minute) => `2026-03-02T08:${String(minute).padStart(2, '0')}:00Z`;
            const report = (minute, state) => ({ time: at(minute), cameras: { right_blind_spot: state } });
            const data = {
              from: at(0), to: at(50), start: Date.parse(at(0)), end: Date.parse(at(50)), camera_hold_s: 600, stays: [],
              gaps: [], tickets: [], gapLimit: 600e3,
              cameras: [report(0, 'ok'), report(5, 'ok'), report(30, 'lost'), report(35, 'occluded')],
            };
            const times = { load_start: null, load_end: null, unload_start: null, unload_end: null };
            const chart = drawLanes(588, [], data, times);
            for (const band of chart.querySelectorAll('[class*=camera-]')) {
              const minutes = Number(band.getAttribute('width')) / 10;
              say(`${band.getAttribute('class')} ${minutes.toFixed(1)} ${band.getAttribute('height')}`);
            }
            say([...chart.querySelectorAll('.band-name')].length);
            """)
        #expect(
            said == ["band camera-ok 15.0 12", "band camera-lost 5.0 20", "band camera-occluded 10.0 20", "3"])
    }

    /// What the map draws a line across is played; what lies beyond the trail's limit is dark on both.
    @Test func theTimeLineKnowsNoMoreAndNoLessThanTheTrail() async throws {
        let said = try await Browser.run(
            """
            import { Timeline } from './timeline.js';
            const at = (minute) => `2026-03-02T08:${String(minute).padStart(2, '0')}:00Z`;
            const point = (minute) => ({
              time: at(minute), lat: 30.7 + minute / 1000, lon: 120.7, speed_kmh: 36, drum_rpm: null,
            });
            const root = document.createElement('div');
            root.style.width = '600px';
            document.body.append(root);
            const moments = [];
            const timeline = new Timeline(root);
            timeline.show({ points: [0, 9, 20].map(point), gap_limit_s: 600 },
              { from: at(0), to: at(20), cameras: [], camera_hold_s: 600, stays: [], gaps: [], tickets: [] },
              { load_start: null, load_end: null, unload_start: null, unload_end: null },
              (moment) => moments.push(moment));
            const slider = root.querySelector('input[type=range]');
            for (const minute of [4, 9, 15]) {
              slider.value = String(minute * 60);
              slider.dispatchEvent(new Event('input'));
              say(`${minute} ${moments.at(-1)?.at[0].toFixed(4) ?? 'dark'}`);
            }
            say(root.querySelectorAll('.speed-line').length);
            """)
        #expect(said == ["4 30.7040", "9 30.7090", "15 dark", "2"])
    }

    /// A server of its own behind `fetch`, which hands out `count(address)` rows, a page at a time.
    private static let pages = """
        const pages = (count, row) => {
          window.fetch = async (address) => {
            const url = new URL(address, 'http://here/');
            const given = (json) => new Response(JSON.stringify(json));
            const rights = ['deliveries.read', 'alerts.read'];
            if (url.pathname === '/api/v1/session') return given({ rights, name: 'li' });
            const [all, start] = [count(url), Number(url.searchParams.get('after') ?? 0)];
            const end = Math.min(all, start + Number(url.searchParams.get('limit')));
            const items = Array.from({ length: end - start }, (_, index) => row(start + index, url));
            return given({ items, next: end < all ? String(end) : null });
          };
        };
        """

    /// A day of more deliveries than the page loads: the newest are there in their order, and the list says so.
    @Test func aDayThatIsCutSaysSoAndStaysInOrder() async throws {
        let said = try await Browser.run(
            Self.pages + """

                const newest = Date.parse('2026-03-02T15:00:00Z');
                const delivery = (number) => ({
                  delivery_id: `D${30000 - number}`, plate: null, terminal: 'T', verdict: 'clear',
                  unload_start: new Date(newest - number * 1000).toISOString().replace('.000', ''),
                  unload_end: null, load_start: null, load_end: null, suspicions: [], distance_km: null, is_final: true,
                  origin_kind: 'unknown', destination_kind: 'unknown',
                });
                pages(() => 20001, delivery);
                const { Deliveries } = await import('./deliveries.js');
                const { DeliveryList } = await import('./delivery_list.js');
                const { Registers } = await import('./registers.js');
                const list = new Deliveries();
                await list.load('2026-03-02');
                const first = () => list.sorted().slice(0, 2).map((row) => row.delivery_id);
                const root = document.createElement('div');
                document.body.append(root);
                new DeliveryList(root, list, new Registers(), () => {});
                await new Promise(requestAnimationFrame);
                say(`${list.rows.size} ${list.isCut} ${first()} ${list.sorted().at(-1).delivery_id}`);
                say(root.querySelector('.cut')?.textContent.includes('20,000'));
                say(root.querySelector('.filter b').textContent);
                // One that is new stands on top; one below the cut would stand beside others that are not there.
                list.update({ ...delivery(-1), delivery_id: 'D30001' });
                list.update(delivery(20000));
                list.update({ ...delivery(5), verdict: 'suspicious' });
                say(`${list.rows.size} ${first()} ${list.rows.get('D29995').verdict}`);
                // One that a correction moves below the cut is seen no more.
                list.update({ ...delivery(20005), delivery_id: 'D30000' });
                say(`${list.rows.size} ${first()}`);
                pages(() => 3, delivery);
                await list.show('2026-03-02');
                list.update(delivery(20000));
                await new Promise(requestAnimationFrame);
                say(`${list.rows.size} ${list.isCut} ${root.querySelector('.cut')}`);
                """)
        #expect(
            said == [
                "20000 true D30000,D29999 D10001", "true", "20000+", "20001 D30001,D30000 suspicious",
                "20000 D30001,D29999", "4 false null",
            ])
    }

    /// A register that ended is told in words, on the delivery page, on the map, and in the list's badge.
    @Test func whatIsOverSaysSoInWords() async throws {
        let said = try await Browser.run(
            """
            import { standingWords } from './format.js';
            import { standingOf } from './register_fields.js';
            import { registerState } from './register_state.js';
            const plant = { plant_id: 'P006', name: '六号站', status: 'valid', validity: 'expired',
              licence_no: 'L6', licence_kind: 'concrete',
              valid_from: '2020-01-01T00:00:00+08:00', valid_to: '2026-10-14T00:00:00+08:00' };
            say(standingWords(plant));
            say(standingWords({ ...plant, status: 'suspended' }));
            say(standingWords({ ...plant, validity: 'not_yet' }));
            say(standingWords({ ...plant, validity: 'valid' }));
            say(standingWords({ site_id: 'S', status: 'active', validity: 'expired', valid_to: plant.valid_to }));
            const row = { plant_id: 'P006', status: 'valid', valid_from: '2020-01-01', valid_to: '2020-10-13' };
            say(`${standingOf(row).look} ${standingOf(row).words}`);
            say(`${standingOf({ ...row, valid_to: '2999-01-01' }).look}`);
            const registers = {
              plants: new Map([['P006', { id: 'P006', properties: plant }]]), sites: new Map(), places: new Map(),
            };
            const state = registerState({
              judgements: [], origin_kind: 'plant', origin_id: 'P006', destination_kind: 'unknown',
            }, registers, null).map((node) => node.textContent).join(' ');
            say(`${state.includes('六号站')} ${state.includes('资质于 2026-10-13 到期')}`);
            """)
        #expect(
            said == [
                "资质于 2026-10-13 到期", "暂停 · 资质于 2026-10-13 到期", "资质自 2020-01-01 起生效", "有效",
                "登记于 2026-10-13 结束", "expired 资质于 2020-10-13 到期", "valid", "true true",
            ])
    }

    @Test func aParameterIsSaidWithItsUnit() async throws {
        let said = try await Browser.run(
            """
            import { parameter } from './judgements.js';
            for (const [name, value] of [['margin_m', 80], ['wait_s', 86400], ['coverage', 0.9], ['new_thing', 1.5]]) {
              say(parameter(name, value));
            }
            """)
        #expect(said == ["围栏外余量 80 m", "等待发货单 24 小时", "数据覆盖率 0.9", "new_thing 1.5"])
    }

    /// Who may not handle alerts is told of none that it is unseen, or that its time is up.
    @Test func aRailWithoutHandlingHasNoClocks() async throws {
        let said = try await Browser.run(
            """
            import { alertDue } from './due.js';
            import { alertDetails } from './alert_details.js';
            import { fold } from './alert_folds.js';
            const alert = { alert_id: 'A', rule: 'speeding', severity: 2, plate: 'P', facts: [], status: 'open',
              opened_at: '2026-03-02T10:00:00Z', raised_at: '2026-03-02T10:00:00Z', actions: [] };
            say(`${alertDue(alert)} ${fold([alert, { ...alert, alert_id: 'B' }]).length}`);
            const look = (one) => alertDetails(one, { mayAct: false, colleagues: [] }).filter(Boolean)
              .map((node) => node.textContent).join(' ');
            const handling = { state: 'new', acknowledge_by: '2026-03-02T10:15:00Z', close_by: '2026-03-03T10:00:00Z' };
            say(`${look(alert).includes('未确认')} ${look({ ...alert, handling }).includes('未确认')}`);
            """)
        #expect(said == ["null 1", "false true"])
    }

    /// A hasty key makes no record of a reason that nobody chose.
    @Test func whoeverClosesAnAlertChoosesWhy() async throws {
        let said = try await Browser.run(
            """
            import { alertDetails } from './alert_details.js';
            const sent = [];
            const act = async (body) => sent.push(`${body.action} ${body.reason ?? '-'}`);
            const alert = { alert_id: 'A', rule: 'speeding', severity: 2, plate: 'P', facts: [], status: 'open',
              handling: { state: 'seen' }, actions: [],
              opened_at: '2026-03-02T10:00:00Z', raised_at: '2026-03-02T10:00:00Z' };
            document.body.append(
              ...alertDetails(alert, { mayAct: true, me: 'li', colleagues: [], act }).flat().filter(Boolean));
            const press = async (value) => {
              document.querySelector(`button[value=${value}]`).click();
              await new Promise((resolve) => { setTimeout(resolve); });
            };
            await press('comment');
            await press('close');
            document.querySelector('select[name=reason]').selectedIndex = 1;
            await press('close');
            say(sent.join(', '));
            """)
        #expect(said == ["comment -, close handled"])
    }

    /// More alerts than the rail loads: those that are grave are there however old they are.
    @Test func theRailThatIsCutKeepsWhatIsGrave() async throws {
        let said = try await Browser.run(
            Self.pages + """

                const alert = (number, url) => ({
                  alert_id: `${url.searchParams.get('severity') ?? 'all'}-${number}`, rule: 'speeding', plate: 'P',
                  severity: url.searchParams.get('severity') ? 4 : 1,
                  opened_at: new Date(1e12 - number * 1000).toISOString(),
                  handling: { state: 'new' }, status: 'open',
                });
                pages((url) => (url.searchParams.get('severity') ? 7 : 1001), alert);
                const { Alerts } = await import('./alerts.js');
                const alerts = new Alerts();
                await alerts.load();
                say(`${alerts.rows.size} ${alerts.isCut} ${alerts.sorted().slice(0, 2).map((row) => row.alert_id)}`);
                pages(() => 1000, alert);
                await alerts.load();
                say(`${alerts.rows.size} ${alerts.isCut}`);
                """)
        #expect(said == ["1007 true 3-0,3-1", "1000 false"])
    }

    /// What stays in a list stays as it is, whatever comes, goes and changes places around it.
    @Test func aListIsBroughtToItsNewRowsWithoutMovingTheOld() async throws {
        let said = try await Browser.run(
            """
            import { h, setChildren } from './dom.js';
            const list = h('div');
            document.body.append(list);
            const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => h('button', {}, name));
            const watch = new MutationObserver(() => {});
            watch.observe(list, { childList: true });
            for (const rows of [[a, b, c], [d, b, c], [b, c], [b, c, a], [a, b], [], [c]]) {
              setChildren(list, rows);
              const changes = watch.takeRecords().flatMap((it) => [...it.addedNodes, ...it.removedNodes]);
              say(`${list.textContent} ${changes.includes(b)}`);
            }
            """)
        #expect(said == ["abc true", "dbc false", "bc false", "bca false", "ab false", " true", "c false"])
    }

    @Test func namesStayInsideAndApart() async throws {
        let said = try await Browser.run(
            """
            import { placeFor, overlap } from './placing.js';
            const size = { x: 300, y: 200 };
            const inside = (box) => box.left >= 0 && box.top >= 0 && box.right <= size.x && box.bottom <= size.y;
            let places = 0;
            for (let x = 0; x <= size.x; x += 5) {
              for (let y = 0; y <= size.y; y += 5) {
                const box = placeFor({ x, y, width: 120, gap: 13 }, size, [], []);
                places += box && inside(box) ? 1 : 0;
              }
            }
            say(places === 61 * 41);
            const name = { x: 290, y: 100, width: 60, gap: 13 };
            const first = placeFor(name, size, [], []);
            const second = placeFor(name, size, [first], []);
            say(first.right < 290 && !overlap(first, second));
            const wall = { left: 0, top: 0, right: 300, bottom: 200 };
            say(placeFor(name, size, [wall], []));
            say(placeFor(name, size, [], [first]).top !== first.top);
            say(placeFor(name, size, [], [wall]).top === first.top);
            say(placeFor({ ...name, x: 301 }, size, [], []));
            """)
        #expect(said == ["true", "true", "null", "true", "true", "null"])
    }
}

/// Runs a script beside the page's own modules in a headless browser, without any server.
private enum Browser {
    private static let program = "/usr/bin/chromium"

    /// Why a script said nothing.
    enum Failure: Error { case said(String) }

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: self.program) }

    /// What the script gave to `say`, a line each.
    static func run(_ script: String) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in try await PageTests.files() where path.hasPrefix("/app/") {
            let local = text.replacing("'/app/", with: "'./")
            try Data(local.utf8).write(to: folder.appending(path: String(path.dropFirst(5))))
        }
        let page = """
            <!doctype html><pre></pre><script type="module">
            const say = (value) => document.querySelector('pre').append(`\\n${value}`);
            // The document counts as loaded, and is written out, once its frames are: a script that waits is heard too,
            // and one that fails keeps nobody waiting for ever.
            const held = document.createElement('iframe');
            document.body.append(held);
            held.contentDocument.open();
            addEventListener('error', () => held.contentDocument.close());
            setTimeout(() => held.contentDocument.close(), 60_000);
            \(script)
            say('end');
            held.contentDocument.close();
            </script>
            """
        try Data(page.utf8).write(to: folder.appending(path: "test.html"))
        let output = try await self.document(at: folder)
        guard let text = output.firstMatch(of: /(?s)<pre>\n?(.*?)\n?end<\/pre>/) else { throw Failure.said(output) }
        return text.1.split(separator: "\n").map(String.init)
    }

    /// The document after its scripts have run.
    private static func document(at folder: URL) async throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: self.program)
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
            "--user-data-dir=\(folder.path)/profile", "--dump-dom", folder.appending(path: "test.html").absoluteString,
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let data = try output.fileHandleForReading.readToEnd() ?? Data()
                        process.waitUntilExit()
                        return String(decoding: data, as: UTF8.self)
                    })
            }
        }
    }
}
