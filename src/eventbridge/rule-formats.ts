import { Format, problem } from './formats';

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
  if (!/[*?]/.test(region) && !REGION.test(region)) {
    return problem(must, value, `correct '${region}', which is no Region`);
  }
  return /:events:\*:\*:rule\/[*?/]*$/.test(value)
    ? problem('name a Region, an account or a rule', value, "omit it, and set 'invocation' to allow any rule")
    : undefined;
};
