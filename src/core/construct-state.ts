import { IConstruct } from 'constructs';

/**
 * State that this library keeps on a construct, shared by all copies of the library in an app.
 *
 * @param key the name of the state, unique within this library. It must not change, because other versions of the
 * library use it.
 */
export function constructState<T>(key: string): ConstructState<T> {
  const symbol = Symbol.for(`cdk-cross-account-eventbridge.${key}`);
  const get = (construct: IConstruct) => (construct as { [symbol]?: T })[symbol];
  const set = (construct: IConstruct, value: T) => {
    Object.defineProperty(construct, symbol, { value, configurable: true });
    return value;
  };
  return { get, set, getOrCreate: (construct, create) => get(construct) ?? set(construct, create()) };
}

export interface ConstructState<T> {
  get(construct: IConstruct): T | undefined;
  set(construct: IConstruct, value: T): T;
  getOrCreate(construct: IConstruct, create: () => T): T;
}
