/**
 * xterm.js makes style elements and writes style attributes (6.0.0), which the page's policy refuses: elements get the page's
 * nonce, attributes become properties. Without this colours are lost.
 */
export function allowStyles(): void {
  const nonce = document.querySelector("style")?.nonce ?? "";
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name === "style") element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (this: Element, name: string, value: string) {
    if (name === "style" && this instanceof HTMLElement) this.style.cssText = value;
    else set.call(this, name, value);
  };
}
