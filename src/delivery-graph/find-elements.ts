import { editDistance } from '../util/edit-distance';

/** Something that a question can name. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly arn?: string;
  /** The path of the construct in its app. */
  readonly path?: string;
  readonly app?: string;
}

/** A question names something that does not exist in the apps. */
export class NameNotFound extends Error {}

/**
 * The candidates that a text names: by ARN, name, or construct path, also with the name of the app before it; otherwise
 * by the end of the path.
 */
export function named<T extends Named>(text: string, candidates: readonly T[]): T[] {
  const exact = candidates.filter((candidate) => namesOf(candidate).includes(text));
  if (exact.length > 0) return exact;
  return candidates.filter(({ path }) => path?.endsWith(`/${text}`));
}

/** The message for a text that names none of the candidates. */
export function notFound(option: string, noun: string, text: string, candidates: readonly Named[]): NameNotFound {
  const nearest = nearestName(text, candidates);
  const fix = nearest === undefined ? `there is no ${noun} in these apps` : `the nearest name is '${nearest}'`;
  return new NameNotFound(`'${option}' is the name, ARN or construct path of a ${noun}, got '${text}'; ${fix}`);
}

/** The name that differs in the smallest part. */
function nearestName(text: string, candidates: readonly Named[]): string | undefined {
  const names = candidates.flatMap((candidate) =>
    text.startsWith('arn:')
      ? [{ name: candidate.arn, shown: candidate.arn }]
      : [candidate.name, candidate.path, candidate.path?.split('/').pop()].map((name) => ({
          name,
          shown: name === candidate.name ? name : candidate.path,
        })),
  );
  const ranked = names.flatMap(({ name, shown }) => {
    if (name === undefined) return [];
    const distance = editDistance(text.toLowerCase(), name.toLowerCase()) / Math.max(text.length, name.length);
    return [{ shown, distance }];
  });
  return ranked.sort((first, second) => first.distance - second.distance)[0]?.shown;
}

function namesOf({ app, arn, id, name, path }: Named): (string | undefined)[] {
  return [id, name, arn, path, ...(app !== undefined && path !== undefined ? [`${app}/${path}`] : [])];
}
