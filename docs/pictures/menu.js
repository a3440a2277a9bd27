({ text, items, chosen }) => {
  const messages = [...document.querySelectorAll('.channel-message')];
  const box = messages.find((message) => message.innerText.includes(text)).getBoundingClientRect();
  const light = getComputedStyle(document.body).colorScheme === 'light';
  const paint = light
    ? { back: '#ffffff', line: '#dcdce0', word: '#2e2f34', on: '#e9eaf9' }
    : { back: '#2b2d31', line: '#45474e', word: '#dbdee1', on: '#5865f2' };
  const menu = document.createElement('div');
  Object.assign(menu.style, {
    position: 'fixed', zIndex: 99, width: '200px', padding: '6px',
    left: `${Math.min(box.left + 150, innerWidth - 220)}px`, top: `${box.bottom + 4}px`,
    background: paint.back, color: paint.word, border: `1px solid ${paint.line}`,
    borderRadius: '8px', boxShadow: '0 8px 16px #0006', fontSize: '14px',
  });
  for (const item of items) {
    const row = document.createElement('div');
    row.textContent = item;
    Object.assign(row.style, {
      padding: '6px 8px', borderRadius: '4px', background: item === chosen ? paint.on : 'none',
    });
    menu.append(row);
  }
  document.body.append(menu);
}
