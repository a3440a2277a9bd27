({ from, text }) => {
  const light = getComputedStyle(document.body).colorScheme === 'light';
  const card = document.createElement('div');
  Object.assign(card.style, {
    position: 'fixed', zIndex: 99, left: '16px', right: '16px', top: '16px', padding: '12px 16px',
    maxWidth: '420px', margin: '0 auto', borderRadius: '14px', boxShadow: '0 8px 24px #0006',
    background: light ? '#f3f3f4' : '#2b2d31', color: light ? '#2e2f34' : '#dbdee1',
    fontSize: '14px', lineHeight: '1.35',
  });
  const name = document.createElement('div');
  name.textContent = from;
  name.style.fontWeight = '600';
  const words = document.createElement('div');
  words.textContent = text;
  Object.assign(words.style, {
    display: '-webkit-box', webkitLineClamp: 4, webkitBoxOrient: 'vertical', overflow: 'hidden',
  });
  card.append(name, words);
  for (const one of document.body.children) one.style.visibility = 'hidden';
  document.body.append(card);
}
