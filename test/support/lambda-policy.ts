import { App, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { TemplateReader } from '../../src/app-model/resolve/template-reader';

/**
 * The policy of a function as Lambda stores it: one statement for each permission on it, in whichever stack, under an
 * id that CloudFormation makes.
 */
export function storedPolicySize(app: App, functionName: string): { statements: number; characters: number } {
  const reader = new TemplateReader();
  const permissions = app.node.findAll().filter((c): c is CfnPermission => CfnPermission.isCfnPermission(c));
  const Statement = permissions.flatMap((permission) => {
    const { FunctionName, Principal, Action, SourceArn, SourceAccount } = reader.resource(permission)!.properties;
    if (!String(FunctionName).endsWith(`:function:${functionName}`)) return [];
    return [
      {
        Sid: `${permission.stack.stackName}-${Stack.of(permission).resolve(permission.logicalId)}-0123456789AB`,
        Effect: 'Allow',
        Principal: { Service: Principal },
        Action,
        Resource: FunctionName,
        Condition: { StringEquals: { 'AWS:SourceAccount': SourceAccount }, ArnLike: { 'AWS:SourceArn': SourceArn } },
      },
    ];
  });
  return {
    statements: Statement.length,
    characters: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }).length,
  };
}
