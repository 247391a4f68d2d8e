// What the codes of the audit log mean. The code stays beside the words: it is what the log holds and is searched by.

import { language } from '/app/i18n.js';

const actions = {
  'account.add': ['新建账号', 'account added'], 'account.password': ['重设口令', 'password reset'],
  'account.duty': ['更改职责', 'duty changed'], 'account.disable': ['停用账号', 'account disabled'],
  'account.enable': ['启用账号', 'account enabled'], 'account.oidc': ['关联统一身份', 'tied to an identity provider'],
  'token.add': ['签发令牌', 'token made'], 'token.revoke': ['撤销令牌', 'token revoked'],
  'log-in': ['登录', 'logged in'], 'log-out': ['退出', 'logged out'], 'password.change': ['修改口令', 'password changed'],
  'audit.search': ['查询审计日志', 'audit log searched'], 'trail.read': ['查看轨迹', 'trail read'],
  'evidence.export': ['导出证据包', 'evidence package taken'], 'notice.retry': ['重发通知', 'notice sent again'],
  'register.change': ['更改登记', 'register changed'],
  'alert.acknowledge': ['确认告警', 'alert acknowledged'], 'alert.assign': ['指派告警', 'alert assigned'],
  'alert.comment': ['备注告警', 'alert commented on'], 'alert.close': ['关闭告警', 'alert closed'],
  'alert.reopen': ['重开告警', 'alert reopened'],
  'delivery.dispatch': ['派员核查', 'patrol dispatched'], 'delivery.confirm': ['核实运单', 'delivery confirmed'],
  'delivery.dismiss': ['排除运单', 'delivery dismissed'], 'delivery.case': ['运单立案', 'delivery put into a case'],
  'delivery.reopen': ['重开运单', 'delivery reopened'],
  'suspect.lead': ['疑似点恢复为线索', 'suspected plant set back'], 'suspect.checking': ['核查疑似点', 'suspected plant being checked'],
  'suspect.confirmed': ['确认疑似点', 'suspected plant confirmed'], 'suspect.dismissed': ['排除疑似点', 'suspected plant dismissed'],
  'case.open': ['建立案件', 'case opened'], 'case.item': ['案件加入条目', 'item put into a case'],
  'case.item_removed': ['案件移出条目', 'item taken out of a case'], 'case.note': ['案件备注', 'note in a case'],
  'case.deadline': ['设定期限', 'term set'], 'case.deadline_met': ['期限完成', 'term met'],
  'case.status': ['案件阶段变更', 'stage of a case'], 'case.appeal': ['当事人申辩', 'appeal of the party'],
};

/** What was refused is a right: a thing, and what was to be done with it. */
const things = {
  vehicles: ['车辆', 'vehicles'], positions: ['位置', 'positions'], deliveries: ['运单', 'deliveries'],
  plants: ['站点', 'plants'], sites: ['工地', 'sites'], places: ['已知地点', 'places'], trails: ['轨迹', 'trails'],
  events: ['事件流', 'events'], status: ['运行状况', 'status'], rates: ['事故率', 'rates'], safety: ['安全', 'safety'],
  evidence: ['证据包', 'evidence'], alerts: ['告警', 'alerts'], suspicions: ['线索', 'suspicions'],
  suspects: ['疑似搅拌点', 'suspected plants'], cases: ['案件', 'cases'], registers: ['登记', 'registers'],
  safety_registers: ['安全类登记', 'registers of safety'], accounts: ['账号', 'accounts'], duties: ['职责', 'duties'],
  audit: ['审计日志', 'audit log'],
};
const verbs = { read: ['读取', 'read'], change: ['更改', 'change'] };

/** The words for an action; a code that is not known here stands for itself. */
export function actionName(code) {
  const index = language() === 'en' ? 1 : 0;
  if (actions[code]) return actions[code][index];
  const [thing, verb] = code.split('.');
  if (!things[thing] || !verbs[verb]) return code;
  return index ? `${verbs[verb][1]} ${things[thing][1]}` : `${verbs[verb][0]}${things[thing][0]}`;
}
