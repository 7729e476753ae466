import { Format, problem } from './formats';
import { RULE_NAME_CHARACTERS } from './quotas';

/** The formats of ARNs and Regions of rules. */

const REGION = /^[a-z]{2,4}(-[a-z]+)?-(central|(north|south)(east|west)?|east|west)-\d{1,2}$/;

export const regionName: Format = (value) =>
  REGION.test(value)
    ? undefined
    : problem("hold names of Regions, such as 'eu-west-1'", value, "take them from 'aws ec2 describe-regions'");

/** A pattern for ARNs of rules. */
export const ruleArnPattern: Format = (value) => {
  const must = "hold ARNs of rules, 'arn:PARTITION:events:REGION:ACCOUNT:rule/BUS/NAME'";
  if (/:event-bus\//.test(value)) {
    return problem(must, value, "for all rules on a bus, use 'rule/BUS/*'");
  }
  if (/:rule\/default\//.test(value)) {
    return problem(must, value, "use 'rule/NAME' for a rule on the default bus, whose ARN does not contain its name");
  }
  const [, region] = /^arn:aws[a-z-]*:events:([a-z0-9*?-]+):(?:\d{12}|\*):rule\/[.\-_A-Za-z0-9/*?]+$/.exec(value) ?? [];
  if (region === undefined) {
    return problem(must, value, "copy it from 'aws events describe-rule', and use '*' for any account");
  }
  const nameProblem = ruleNameProblem(value.split(':rule/')[1]);
  if (nameProblem !== undefined) return problem(must, value, nameProblem);
  if (!/[*?]/.test(region) && !REGION.test(region)) {
    return problem(must, value, `correct '${region}', which is no Region`);
  }
  return /:events:\*:\*:rule\/[*?/]*$/.test(value)
    ? problem('name a Region, an account or a rule', value, "omit it, and set 'invocation' to allow any rule")
    : undefined;
};

/** What to correct in the bus and name of a rule; undefined if a rule can have them. */
function ruleNameProblem(busAndName: string): string | undefined {
  const segments = busAndName.split('/');
  if (segments.includes('')) return "name the bus and the rule, or use '*' for any";
  if (/[*?]/.test(busAndName)) return undefined;
  // The name of a partner event bus contains slashes.
  if (segments.length > 2 && segments[0] !== 'aws.partner') return 'names of buses and rules contain no slash';
  const isTooLong = segments[segments.length - 1].length > RULE_NAME_CHARACTERS;
  return isTooLong ? `the name of a rule has at most ${RULE_NAME_CHARACTERS} characters` : undefined;
}

/**
 * Whether an ARN is a pattern for rules on the default bus, whose ARNs do not contain its name. The pattern would also
 * match rules on other buses, because a wildcard matches slashes.
 */
export function isDefaultBusPattern(ruleArn: string): boolean {
  const [, busAndName = ''] = ruleArn.split(':rule/');
  return /[*?]/.test(busAndName) && !busAndName.includes('/') && !matchesAnyRule(ruleArn);
}

/** Whether an ARN is that of a rule on the default bus, or a pattern for such rules. */
export function isOnDefaultBus(ruleArn: string): boolean {
  const [, busAndName] = ruleArn.split(':rule/');
  return busAndName !== undefined && !busAndName.includes('/') && !matchesAnyRule(ruleArn);
}

function matchesAnyRule(ruleArn: string): boolean {
  return /:rule\/[*?]*\*[*?]*$/.test(ruleArn);
}
