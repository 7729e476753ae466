import { IConstruct } from 'constructs';
import { AppIndex } from './app-index';
import { RestApi } from './app-model';
import { mayHaveMethod } from './rest-api-methods';
import { parseArn } from '../iam/arn';
import { splitText } from '../iam/unresolved-text';

/** The ARN of a REST API, from the ARN of one of its methods. */
export function restApiArn(methodArn: string): string {
  return splitText(methodArn, '/')[0];
}

/**
 * The REST APIs of other apps that the API of a method may be: API Gateway generates their IDs at deployment, so the ID
 * in the ARN cannot be compared. Those that do not have the method are left out, and those of the app that uses the
 * method: within an app, a reference to an API is resolved.
 *
 * @param user the construct that uses the method
 */
export function possibleRestApis(app: AppIndex, methodArn: string, user: IConstruct): RestApi[] {
  const place = parseArn(methodArn);
  if (place?.service !== 'execute-api' || app.restApi(restApiArn(methodArn))) return [];
  const own = app.otherAppOf(user);
  return app.model.restApis.filter((api) => {
    const { account, region, construct } = api;
    const isOfOtherApp = app.otherAppOf(construct) !== own;
    const isInPlace = account === place.account && region === place.region;
    return isOfOtherApp && isInPlace && mayHaveMethod(app.model, api, methodArn);
  });
}
