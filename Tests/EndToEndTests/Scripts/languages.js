// Words of the other language that a page shows or says: run as the body of a function, answers a list of texts. Elements
// that say their own language are left out, and so is what the caller's `data` holds: names, ids and plates are what they
// are in every language.
const isChinese = document.documentElement.lang === 'zh-CN';
const han = /[\u3400-\u9fff]/;
const word = /[A-Za-z]{3,}/;
// What people who read Chinese write in Latin letters, too.
const common = /\b[A-Z0-9]+-[\w-]+|\b[A-Z0-9]{9,}\b|\b[a-z]+-[a-z-]+\b|Tongxing|GPS|WGS-84|GCJ-02|BD-09|CSV|XLSX|GeoJSON|GPX|PDF|WKT|PostgreSQL|MQTT|Shift|Delete|Tab|Enter|https?:\S*|[a-z]+_[a-z_]+|[a-z]+\.[a-z.]+|[\w-]+\.(?:csv|xlsx)/g;
const left = new Set();

const look = (text, element) => {
  const own = element.closest('[lang]');
  if (own && own !== document.documentElement) return;
  let rest = text;
  for (const name of data) rest = rest.replaceAll(name, '');
  if (isChinese ? !han.test(rest) && word.test(rest.replace(common, '')) : han.test(rest.replaceAll('砼行', ''))) {
    left.add(text.trim().slice(0, 120));
  }
};

const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = texts.nextNode(); node; node = texts.nextNode()) {
  const element = node.parentElement;
  if (['SCRIPT', 'STYLE', 'NOSCRIPT', 'CODE', 'TEXTAREA'].includes(element.tagName)) continue;
  if (node.data.trim() && (element.checkVisibility() || element.tagName === 'OPTION')) look(node.data, element);
}
for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
  if (!element.checkVisibility()) continue;
  for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
    if (element.hasAttribute(name)) look(element.getAttribute(name), element);
  }
}
look(document.title.replace('·', ''), document.documentElement);
return [...left];
