// What a page of this width is like: what axe finds, and what hangs out of it.
(async () => {
  const found = { violations: [], outside: [], width: innerWidth };
  try {
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    found.violations = violations.map(rule => `${rule.id}, ${rule.nodes.length} times: ${rule.nodes[0].html.slice(0, 200)}`);
    const scrolls = element => element !== document.body
      && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    for (const element of document.querySelectorAll('body *')) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.height > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(element.parentElement)) {
        found.outside.push(`${element.tagName} '${element.textContent.slice(0, 40)}' from ${box.left} to ${box.right}`);
      }
    }
    if (document.documentElement.scrollWidth > innerWidth) {
      found.outside.push(`the page is ${document.documentElement.scrollWidth} wide`);
    }
  } catch (error) {
    found.error = String(error);
  }
  parent.postMessage(JSON.stringify(found), '*');
})();
