import { byId } from './dom';
import { Page } from './page';
import { Topology } from './topology';
import { PageData, graphOf } from '../src/page/page-data';

const data = JSON.parse(byId('data', HTMLScriptElement).text) as PageData;

void new Page(new Topology(graphOf(data))).draw();
