import { byId } from './dom';
import { Page } from './page';
import { Topology } from './topology';
import { PageData, graphOf } from '../src/page/page-data';

const data = JSON.parse(byId('data', HTMLScriptElement).text) as PageData;

new Page(new Topology(graphOf(data))).draw().then(
  () => document.body.classList.add('drawn'),
  (error: unknown) => {
    byId('status', HTMLElement).textContent = `The diagram cannot be drawn: ${String(error)}`;
    console.error(error);
  },
);
