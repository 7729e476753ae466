import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramLanguage } from './programs';
import { ROOT, filesIn } from '../support/repository';

/** A code block of a document. */
export interface Snippet {
  readonly document: string;
  readonly line: number;
  readonly code: string;
}

/** The documents with code blocks in other languages than TypeScript. */
const DOCUMENTS = ['README.md', ...filesIn('docs', /\.md$/)];

/** The code blocks of all documents in a language. */
export function snippetsIn(language: ProgramLanguage, documents: readonly string[] = DOCUMENTS): Snippet[] {
  return documents.flatMap((document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map((found) => ({
      document,
      line: text.slice(0, found.index).split('\n').length,
      code: found[1],
    }));
  });
}

/**
 * A program with a code block in it. Around it are an app, a role that publishes on the central bus of another app,
 * which does not allow it, and grants for that bus.
 */
export function programWith(language: ProgramLanguage, code: string): string {
  const isImport = (line: string) => /^(import|from) /.test(line);
  const lines = code.trimEnd().split('\n');
  const imports = lines.filter(isImport).join('\n');
  const statements = lines.filter((line) => !isImport(line)).join('\n');
  // A function, because '$' is special in a text.
  return PROGRAMS[language].replace('IMPORTS', () => imports).replace('STATEMENTS', () => statements);
}

const BUS_ARN = 'arn:aws:events:us-east-1:222222222222:event-bus/central-event-bus';
const GO_MODULE = 'github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go/crossaccounteventbridge';

const PROGRAMS: { readonly [language in ProgramLanguage]: string } = {
  python: `
from aws_cdk import App, Environment, Stack
from aws_cdk.aws_events import EventBus
from aws_cdk.aws_iam import ServicePrincipal
from cdk_cross_account_eventbridge import *
IMPORTS

app = App()
shop = Stack(app, "Shop", env=Environment(account="111111111111", region="us-east-1"))
hub = Stack(app, "Hub", env=Environment(account="444444444444", region="us-east-1"))
PublisherRole(
    shop,
    "Publisher",
    role_name="shop",
    assumed_by=ServicePrincipal("lambda.amazonaws.com"),
    event_buses=[EventBus.from_event_bus_arn(shop, "Bus", "${BUS_ARN}")],
    allowed_events=AllowedEvents(sources=["com.example.shop"]),
)
bus = CrossAccountEventBus(hub, "Own")
STATEMENTS
app.synth()
`,
  java: `
package example;

import io.github.cdkcrossaccounteventbridge.*;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.iam.ServicePrincipal;
IMPORTS

public final class OrderToInvoiceApp {
  public static void main(String[] args) {
    App app = new App();
    Stack shop = new Stack(app, "Shop", in("111111111111"));
    Stack hub = new Stack(app, "Hub", in("444444444444"));
    PublisherRole.Builder.create(shop, "Publisher")
        .roleName("shop")
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .eventBuses(List.of(EventBus.fromEventBusArn(shop, "Bus", "${BUS_ARN}")))
        .allowedEvents(AllowedEvents.builder().sources(List.of("com.example.shop")).build())
        .build();
    CrossAccountEventBus bus = new CrossAccountEventBus(hub, "Own");
    STATEMENTS
    app.synth();
  }

  private static StackProps in(String account) {
    return StackProps.builder().env(Environment.builder().account(account).region("us-east-1").build()).build();
  }
}
`,
  go: `
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsevents"
	"github.com/aws/jsii-runtime-go"
	library "${GO_MODULE}"
)
IMPORTS

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	shop := awscdk.NewStack(app, jsii.String("Shop"), in("111111111111"))
	hub := awscdk.NewStack(app, jsii.String("Hub"), in("444444444444"))
	central := awsevents.EventBus_FromEventBusArn(shop, jsii.String("Bus"), jsii.String("${BUS_ARN}"))
	library.NewPublisherRole(shop, jsii.String("Publisher"), &library.PublisherRoleProps{
		RoleName:      jsii.String("shop"),
		AssumedBy:     awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		EventBuses:    &[]interfacesawsevents.IEventBusRef{central},
		AllowedEvents: &library.AllowedEvents{Sources: jsii.Strings("com.example.shop")},
	})
	bus := library.NewCrossAccountEventBus(hub, jsii.String("Own"), nil)
	_ = bus
	STATEMENTS
	app.Synth(nil)
}

func in(account string) *awscdk.StackProps {
	return &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String("us-east-1")},
	}
}
`,
};
