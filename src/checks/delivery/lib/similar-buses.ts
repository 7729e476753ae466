import { AppIndex } from '../../../app-model/app-index';
import { EventBus } from '../../../app-model/app-model';
import { hasUnresolved, splitText, displayText } from '../../../iam/unresolved-text';
import { editDistance } from '../../../util/edit-distance';

/** Whether nothing tells of a bus: no stack makes it or writes its policy. */
export function isUnknownBus(app: AppIndex, arn: string): boolean {
  return !app.bus(arn) && app.statementsOn(arn).length === 0;
}

/** A bus of the app, and in what another ARN differs from its own. */
export interface SimilarBus {
  readonly bus: EventBus;
  /** The name in that ARN. */
  readonly name: string;
  readonly differs: string;
}

/** What a message says of a bus that is not there, and of who wants it. */
export function didYouMean({ bus, differs }: SimilarBus, wanted: string): { problem: string; fix: string } {
  return {
    problem: `no stack of this app makes ${wanted}: it has ${differs}`,
    fix: `did you mean ${displayText(bus.arn)} ('${bus.construct.node.path}')?`,
  };
}

/**
 * The bus of the app that was probably meant by the ARN of one which is not there: all but one of partition, account,
 * region and name are its own. Every account has a default bus.
 */
export function mostSimilarBus(app: AppIndex, arn: string): SimilarBus | undefined {
  const wanted = parseEventBusArn(arn);
  if (!wanted || wanted.name === 'default' || hasUnresolved(arn)) return undefined;
  const candidates = app.model.eventBuses.flatMap((bus) => {
    const found = { partition: splitText(bus.arn, ':')[1], account: bus.account, region: bus.region, name: bus.name };
    const differences = (['partition', 'account', 'region', 'name'] as const).filter(
      (part) => found[part] !== wanted[part],
    );
    const near = differences.length === 1 && (differences[0] !== 'name' || isSimilar(found.name, wanted.name));
    return near
      ? [
          {
            bus,
            name: wanted.name,
            differs: `${differences[0]} '${wanted[differences[0]]}' instead of '${found[differences[0]]}'`,
          },
        ]
      : [];
  });
  return candidates[0];
}

function parseEventBusArn(
  arn: string,
): { partition: string; account: string; region: string; name: string } | undefined {
  const [, partition, service, region, account, ...rest] = splitText(arn, ':');
  const [, name] = /^event-bus\/(.+)$/.exec(rest.join(':')) ?? [];
  return service === 'events' && name !== undefined ? { partition, account, region, name } : undefined;
}

/** Whether two names differ by a slip: letters of another case, one part more, or a few characters. */
function isSimilar(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return (
    a === b ||
    a.includes(b) ||
    b.includes(a) ||
    editDistance(a, b) <= Math.max(1, Math.floor(Math.min(a.length, b.length) / 3))
  );
}
