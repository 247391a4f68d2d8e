// Every text of the page in both languages, and which one is shown. Chinese unless the person chose otherwise.

import { deskTexts } from '/app/desk_texts.js';
import { registerTexts } from '/app/register_texts.js';
import { ruleTexts } from '/app/rule_texts.js';

const texts = {
  tagline: ['混凝土运输监管', 'Concrete haulage watch'],
  skipToList: ['跳到列表', 'Skip to the list'],
  mapLabel: ['车辆、搅拌站与工地地图', 'Map of trucks, plants and sites'],
  panelLabel: ['运单与车辆', 'Deliveries and trucks'],
  otherLanguage: ['English', '中文'],
  switchLanguage: ['Switch to English', '切换到中文'],

  logIn: ['登录', 'Log in'],
  signIn: ['用统一身份认证登录', 'Sign in with the identity provider'],
  signInRefused: [
    '统一身份认证未通过，或没有与之对应的账号；请联系系统管理员。',
    'The identity provider did not vouch for you, or no account belongs to you: ask the administrator.'],
  logOut: ['退出', 'Log out'],
  accountName: ['账号', 'Account'],
  password: ['口令', 'Password'],
  changePassword: ['修改口令', 'Change password'],
  mustChange: ['一次性口令只能用来设置自己的口令。', 'A one-time password is good for setting your own, and for nothing else.'],
  oldPassword: ['当前口令', 'Current password'],
  newPassword: ['新口令（至少 12 个字符）', 'New password (12 characters or more)'],
  againPassword: ['再输入一次', 'The new one again'],
  notTheSame: ['两次输入的新口令不同', 'The two new passwords differ'],
  openMode: ['开放模式：不登录', 'Open mode: no log-in'],
  openModeLong: [
    '本控制台以开放模式运行：本机上的任何人都能看到全部车辆，不区分人员。正式使用请设 web.access: accounts。',
    'This console runs in open mode: anybody on this machine sees every truck. For real use set web.access: accounts.'],
  role_administrator: ['系统管理员', 'Administrator'],
  role_security_administrator: ['安全管理员', 'Security administrator'],
  role_auditor: ['审计员', 'Auditor'],
  role_operator: ['值班员', 'Operator'],
  role_enforcement_officer: ['执法人员', 'Enforcement officer'],
  role_safety_officer: ['安全监管人员', 'Safety officer'],
  role_company: ['企业', 'Company'],
  role_site: ['工地', 'Site'],
  role_insurer: ['保险机构', 'Insurer'],
  noDutyLong: [
    '此账号尚无职责，因此看不到任何数据。请由安全管理员授予职责。',
    'This account has no duty yet, and so sees no data. The security administrator gives one.'],
  role_null: ['尚无职责', 'No duty yet'],
  purposeTitle: ['查看轨迹的用途', 'Why this trail is looked at'],
  purposeLong: [
    '行踪轨迹是敏感个人信息。请写案号或理由，将记入审计日志。',
    'Trails are sensitive personal information. Give a case number or reason; it goes into the audit log.'],
  purposeGiven: ['查看', 'Look'],
  purposeUnsaid: ['请写明案号或理由（至少两个字母、汉字或数字）', 'Say a case number or reason (two letters or digits at the least)'],
  purposeNone: ['未说明', 'none given'],
  purposeMissing: ['未说明用途，不显示轨迹', 'No purpose given, no trail shown'],
  cancel: ['取消', 'Cancel'],
  accounts: ['账号', 'Accounts'],
  addAccount: ['新建账号', 'Add account'],
  shownName: ['姓名', 'Name'],
  duty: ['职责', 'Duty'],
  belongsTo: ['区县 / 企业 / 工地', 'District, company or site'],
  state: ['状态', 'State'],
  doing: ['操作', 'Actions'],
  inUse: ['启用', 'In use'],
  disabled: ['停用', 'Disabled'],
  enable: ['启用', 'Enable'],
  disable: ['停用', 'Disable'],
  resetPassword: ['重设口令', 'Reset password'],
  wholeCity: ['全市', 'The whole city'],
  choose_company: ['选择企业…', 'Choose a company…'],
  choose_site: ['选择工地…', 'Choose a site…'],
  passwordsTitle: ['口令变动记录', 'What was done to your password'],
  passwordsLong: [
    '如有并非本人要求的重设，请立即告知审计员。',
    'If there is a reset here that you did not ask for, tell the auditor at once.'],
  password_first: ['建立账号，给出一次性口令', 'account made, with a one-time password'],
  password_reset: ['由管理员重设，原会话全部结束', 'reset by an administrator, all sessions ended'],
  password_changed: ['本人修改', 'changed with the old one at hand'],
  passwordBy: ['操作者', 'by'],
  oneTime: ['一次性口令', 'one-time password'],
  giveDuty: ['赋予职责', 'Give duty'],
  dutyGiven: ['职责已更改', 'duty changed'],
  auditLog: ['审计日志', 'Audit log'],
  'actor_first start': ['首次启动', 'first start'],
  by_service: ['服务', 'service'],
  'by_command line': ['命令行', 'command line'],
  auditNumber: ['序号', 'No.'],
  auditTime: ['时间（北京时间）', 'Time (China)'],
  auditActor: ['何人', 'Who'],
  auditAction: ['何事', 'What'],
  auditSubject: ['对象', 'Subject'],
  auditPurpose: ['用途', 'Purpose'],
  auditOutcome: ['结果', 'Outcome'],
  outcome_done: ['完成', 'done'],
  outcome_refused: ['拒绝', 'refused'],
  outcome_not_found: ['未找到', 'not found'],
  outcomeAll: ['全部', 'all'],
  auditFrom: ['来源', 'From'],
  auditSince: ['自（北京时间）', 'From day (China)'],
  auditUntil: ['至（含当日）', 'To day, included'],
  find: ['查找', 'Find'],

  connecting: ['连接中', 'Connecting'],
  live: ['实时', 'Live'],
  broken: ['已断开，正在重连', 'Disconnected, retrying'],
  storeAway: ['数据库暂不可用', 'Database unavailable'],
  dataAt: ['数据时间', 'Data as of'],
  recorded: ['历史数据', 'Recorded data'],
  noData: ['尚无数据', 'No data yet'],

  figureMoving: ['行驶', 'Moving'],
  figureStanding: ['停驻', 'Standing'],
  figureSilent: ['失联', 'Silent'],
  figureDeliveries: ['当日运单', 'Deliveries'],
  figureSuspicious: ['可疑', 'Suspicious'],
  figureLag: ['分析滞后', 'Analysis lag'],

  search: ['搜索车牌或终端号', 'Search plate or terminal'],
  searchNone: ['没有匹配的车辆', 'No truck matches'],
  showAll: ['全部车辆', 'Show all trucks'],
  zoomIn: ['放大', 'Zoom in'],
  zoomOut: ['缩小', 'Zoom out'],

  tabDeliveries: ['运单', 'Deliveries'],
  tabTrucks: ['车辆', 'Trucks'],
  day: ['日期', 'Day'],
  previousDay: ['前一天', 'Previous day'],
  nextDay: ['后一天', 'Next day'],
  latestDay: ['最新', 'Latest'],
  filterAll: ['全部', 'All'],
  emptyDay: ['这一天没有运单', 'No deliveries on this day'],
  deliveriesCut: [
    '这一天的运单多于本页所载：只有最近的 # 条，更早的见 /api/v1/deliveries 或命令行。',
    'This day has more deliveries than this page loads: the newest # are here, the older ones in /api/v1/deliveries and on the command line.'],
  emptyFilter: ['没有符合筛选的运单', 'No delivery matches the filter'],
  emptyTrucks: ['尚无车辆上报位置', 'No truck has reported yet'],
  more: ['显示更多', 'Show more'],
  loading: ['正在载入…', 'Loading…'],
  failed: ['载入失败，正在重试', 'Loading failed, trying again'],
  failedOnce: ['载入失败', 'Loading failed'],
  retry: ['重试', 'Try again'],

  evidence: ['证据包', 'Evidence package'],
  evidencePurpose: ['案号或理由（会被记录）', 'Case number or reason (logged)'],
  evidenceGet: ['导出证据包', 'Export evidence package'],
  evidenceMaking: ['正在整理证据…', 'Collecting the evidence…'],
  evidenceDone: ['已导出；用 tongxing evidence verify 离线核验', 'Exported; check it offline with tongxing evidence verify'],

  clear: ['正常', 'Clear'],
  suspicious: ['可疑', 'Suspicious'],
  insufficient_data: ['数据不足', 'Insufficient data'],

  insufficient_short: ['数据不足', 'Insufficient'],

  moving: ['行驶中', 'Moving'],
  standing: ['停驻', 'Standing'],
  stale: ['失联', 'Silent'],
  nofix: ['无定位', 'No fix'],
  load_empty: ['空载', 'Empty'],
  load_loading: ['装料中', 'Loading'],
  load_loaded: ['重载', 'Loaded'],
  load_pouring: ['卸料中', 'Pouring'],
  loadState: ['载重状态', 'Load'],
  trucks_loaded: ['载料', 'With a load'],
  trucks_empty: ['空载', 'Empty'],
  trucks_moving: ['行驶', 'Moving'],
  trucks_silent: ['失联', 'Silent'],
  trucks_camera: ['摄像头异常', 'Camera not ok'],
  truckFilter: ['筛选列表与地图上的车辆', 'Filter the trucks of list and map'],
  trucksCut: [
    '只列出前 # 辆，共 # 辆；其余请按车牌或终端号搜索，或用筛选。',
    'The first # of # are listed; find the others by plate or terminal, or by a filter.'],
  emptyTruckFilter: ['没有符合筛选的车辆', 'No truck matches the filter'],
  unregistered: ['未登记终端', 'Unregistered terminal'],
  camera_ok: ['右侧盲区摄像头正常', 'Right camera ok'],
  camera_lost: ['右侧摄像头信号丢失', 'Right camera lost'],
  camera_occluded: ['右侧摄像头被遮挡', 'Right camera occluded'],
  camera_fault: ['右侧摄像头故障', 'Right camera fault'],
  camera_unknown: ['右侧摄像头状态未知', 'Right camera unknown'],

  legend: ['图例', 'Legend'],
  legendMovingLoaded: ['行驶，载料', 'Moving, loaded'],
  legendMovingEmpty: ['行驶，空载', 'Moving, empty'],
  legendCamera: ['摄像头异常', 'Camera not ok'],
  legendCameraUnknown: ['摄像头未知', 'Camera unknown'],
  legendPlant: ['搅拌站', 'Plant'],
  legendPlantBad: ['资质无效的搅拌站', 'Plant that may not supply'],
  legendSite: ['工地', 'Site'],
  legendPlace: ['停车场、加油站等', 'Depot, fuel, …'],
  legendLoaded: ['载料行驶', 'Loaded leg'],
  legendLate: ['补传轨迹', 'Sent in later'],
  legendOther: ['其他行程', 'Other movement'],
  noLeaflet: [
    '缺少地图库：请在服务器安装 libjs-leaflet。列表仍可使用。',
    'The map library is missing: install libjs-leaflet on the server. The lists still work.'],

  back: ['返回', 'Back'],
  lead: ['线索，非结论', 'A lead, not a verdict'],
  leadLong: ['以下由数据推得，须由人员核实。', 'Derived from data; a person must check it.'],
  origin: ['装料', 'Loading'],
  destination: ['卸料', 'Unloading'],
  haul: ['运输', 'Haul'],
  arrived: ['到达', 'Arrived'],
  left: ['离开', 'Left'],
  notSeen: ['未观测到', 'Not seen'],
  coverage: ['数据覆盖', 'Data coverage'],
  score: ['可疑分', 'Score'],
  ticket: ['发货单', 'Ticket'],
  none: ['无', 'None'],
  terminal: ['终端', 'Terminal'],
  company: ['企业', 'Company'],
  judgements: ['规则判断', 'What the rules say'],
  facts: ['依据', 'For'],
  counterfacts: ['相反事实', 'Against'],
  noCounterfacts: ['没有发现相反事实', 'None found'],
  parameters: ['参数', 'Parameters'],
  hit: ['命中', 'Hit'],
  no: ['未命中', 'No'],
  insufficient: ['无法判断', 'Cannot judge'],
  severity1: ['提示', 'Notice'],
  severity2: ['关注', 'Attention'],
  severity3: ['检查', 'Inspect'],
  severity4: ['紧急', 'Urgent'],
  trailLoading: ['正在载入轨迹…', 'Loading the trail…'],
  trailEmpty: ['这段时间没有可画的轨迹', 'No trail to draw in this time'],
  trailShown: ['轨迹', 'Trail'],
  fixes: ['个定位点', 'fixes'],
  lastTwoHours: ['最近 2 小时轨迹', 'Trail of the last 2 hours'],
  speed: ['速度', 'Speed'],
  drum: ['罐体转速', 'Drum'],
  drumMixing: ['正转', 'mixing'],
  drumDischarging: ['反转卸料', 'discharging'],
  ignition: ['点火', 'Ignition'],
  on: ['开', 'on'],
  off: ['关', 'off'],
  reportedAt: ['上报时间', 'Reported'],
  receivedAt: ['接收时间', 'Received'],
  kind: ['车型', 'Kind'],
  minutes: ['分钟', 'min'],
  camera: ['右侧摄像头', 'Right camera'],
  status: ['状态', 'Status'],
  validFor: ['有效期', 'Valid'],
  licence: ['资质证号', 'Licence'],
  permit: ['施工许可', 'Permit'],
  approvedPlants: ['准许供应商', 'Approved plants'],
  capacity: ['年产能', 'Capacity'],
  provisional: ['暂定', 'Provisional'],
  provisionalWhy: [
    '卸料已观测到，但后续上报仍可能改变这张运单；车辆的后续行程确认后即为最终。',
    'The drop was seen, but reports still to come may change this delivery; it is final once the trip after it is known.'],

  plant: ['搅拌站', 'Plant'],
  site: ['工地', 'Site'],
  place: ['已知地点', 'Known place'],
  suspected_plant: ['疑似搅拌点', 'Suspected plant'],
  unknown: ['未登记地点', 'Unregistered place'],
  mixer: ['搅拌车', 'Mixer'],
  bulk_cement: ['散装水泥车', 'Bulk cement'],
  mortar: ['砂浆车', 'Mortar'],
  depot: ['停车场', 'Depot'],
  fuel: ['加油站', 'Fuel'],
  weighbridge: ['地磅', 'Weighbridge'],
  wash: ['洗车点', 'Wash'],
  parking: ['停车处', 'Parking'],
  silo: ['筒仓', 'Silo'],
  status_valid: ['有效', 'valid'],
  status_rectifying: ['整改中', 'rectifying'],
  status_suspended: ['暂停', 'suspended'],
  status_revoked: ['撤销', 'revoked'],
  status_cancelled: ['注销', 'cancelled'],
  status_active: ['在建', 'active'],
  status_completed: ['竣工', 'completed'],
  comma: ['、', ', '],
  semicolon: ['；', '; '],
  plantEnded: ['资质于 # 到期', 'licence expired on #'],
  plantToCome: ['资质自 # 起生效', 'licence begins on #'],
  siteEnded: ['登记于 # 结束', 'registration ended on #'],
  siteToCome: ['登记自 # 起生效', 'registration begins on #'],
  ended: ['已到期', 'expired'],
  toCome: ['未生效', 'not yet valid'],
  kind_concrete: ['混凝土', 'concrete'],
  kind_mortar: ['砂浆', 'mortar'],
  kind_cement: ['水泥', 'cement'],
  badgePlant: ['站', 'P'],
  badgeSite: ['工', 'S'],
  badgeLoad: ['装', 'L'],
  badgeUnload: ['卸', 'U'],
  ...deskTexts,
  ...registerTexts,
  ...ruleTexts,
};

const storageKey = 'tongxing.language';

function remembered() {
  try {
    return localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh'; // storage may be forbidden
  }
}

let current = remembered();
const listeners = [];

export const language = () => current;

/** The text `key`; `fallback`, or the key itself, where there is none. */
export function t(key, fallback = key) {
  const pair = texts[key];
  return pair ? pair[current === 'en' ? 1 : 0] : fallback;
}

/** Of `{zh, en}`, as the API gives statements. */
export const ofBoth = (statement) => statement[current];

export const ruleName = (code) => t(`rule_${code}`, code);

export function onLanguage(listener) {
  listeners.push(listener);
}

/** Pages that the server writes follow: it hears of the choice by a cookie, which is set where Chinese was left. */
function tellServer() {
  const said = `tongxing_language=${current}`;
  if (document.cookie.includes('tongxing_language=') ? !document.cookie.includes(said) : current === 'en') {
    const safely = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `${said}; Path=/; Max-Age=31536000; SameSite=Strict${safely}`;
  }
}

tellServer();

export function switchLanguage() {
  current = current === 'en' ? 'zh' : 'en';
  try {
    localStorage.setItem(storageKey, current);
  } catch {
    // then it is remembered for this visit only
  }
  tellServer();
  applyLanguage();
  for (const listener of listeners) listener();
}

/** Fills the fixed texts of the document. */
export function applyLanguage() {
  document.documentElement.lang = current === 'en' ? 'en' : 'zh-CN';
  document.title = document.querySelector('title').dataset[current] ?? document.title;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', t(element.dataset.label));
  }
}
