import { nameConstructs } from '../../../src/checks/engine/construct-names';
import { displayText } from '../../../src/iam/unresolved-text';

const ROLE = displayText('arn:aws:iam::222222222222:role/‹RoleName of Shop/Publisher/Resource›');
const QUEUE = displayText('arn:aws:sqs:eu-west-1:‹AWS::AccountId›:‹QueueName of Hub/Queue›');

describe('a resource whose name is known only at deployment', () => {
  test.each<[string, string]>([
    [`role ${ROLE} is not allowed`, "role 'Shop/Publisher' is not allowed"],
    [`send to queue ${QUEUE}, which`, "send to queue 'Hub/Queue', which"],
    [`with 'aws:SourceArn' ${QUEUE}`, "with 'aws:SourceArn' the ARN of 'Hub/Queue'"],
    [`on ${ROLE}: no`, "on the ARN of 'Shop/Publisher': no"],
    ["statement 'Hub/Permission' allows", "the statement of 'Hub/Permission' allows"],
  ])('is named by its construct: %s', (text, expected) => {
    expect(nameConstructs(text)).toBe(expected);
  });

  test.each([
    'role arn:aws:iam::222222222222:role/team/publisher',
    `a statement to copy: {"Resource":"${QUEUE}"}`,
    "statement 'Publishers' on 'Hub/Bus'",
    'function arn:aws:lambda:eu-west-1:111111111111:function:<Hub/Handler>:live',
  ])('is not replaced in: %s', (text) => {
    expect(nameConstructs(text)).toBe(text);
  });
});
