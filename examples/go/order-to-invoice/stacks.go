package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	events "github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go/crossaccounteventbridge"
)

// The events that the web store publishes.
var (
	sources     = jsii.Strings("com.exampleCorp.webStore")
	detailTypes = jsii.Strings("newOrderCreated")
)

// CentralBusStack is account B: the central bus. Its policy allows no principal until a publisher role is defined.
type CentralBusStack struct {
	awscdk.Stack
	Bus events.CrossAccountEventBus
}

// NewCentralBusStack creates the bus.
func NewCentralBusStack(scope constructs.Construct, id string, props *awscdk.StackProps) *CentralBusStack {
	stack := awscdk.NewStack(scope, &id, props)
	bus := events.NewCrossAccountEventBus(stack, jsii.String("Bus"), &events.CrossAccountEventBusProps{
		EventBusName: jsii.String("central-event-bus"),
	})
	return &CentralBusStack{Stack: stack, Bus: bus}
}

// SendNewOrdersTo invokes the invoice function in account C for each new order.
func (stack *CentralBusStack) SendNewOrdersTo(handler awslambda.IFunction) {
	awsevents.NewRule(stack.Stack, jsii.String("NewOrderCreated"), &awsevents.RuleProps{
		EventBus:     stack.Bus,
		EventPattern: &awsevents.EventPattern{Source: sources, DetailType: detailTypes},
		Targets:      &[]awsevents.IRuleTarget{events.NewLambdaEventTarget(handler, nil)},
	})
}

// NewWebStoreStack is account A: the web store. Its function is allowed to publish new orders on the central bus, and
// no other events.
func NewWebStoreStack(
	scope constructs.Construct, id string, props *awscdk.StackProps, bus events.CrossAccountEventBus,
) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)
	role := events.NewPublisherRole(stack, jsii.String("Publisher"), &events.PublisherRoleProps{
		AssumedBy:     awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		EventBuses:    &[]interfacesawsevents.IEventBusRef{bus},
		AllowedEvents: &events.AllowedEvents{Sources: sources, DetailTypes: detailTypes},
		// For its logs.
		ManagedPolicies: &[]awsiam.IManagedPolicy{
			awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AWSLambdaBasicExecutionRole")),
		},
	})
	awslambda.NewFunction(stack, jsii.String("WebStore"), &awslambda.FunctionProps{
		Role:        role,
		Runtime:     awslambda.Runtime_NODEJS_24_X(),
		Handler:     jsii.String("index.handler"),
		Code:        awslambda.Code_FromInline(jsii.String(publish)),
		Environment: &map[string]*string{"EVENT_BUS_ARN": bus.EventBusArn()},
	})
	return stack
}

// InvoiceStack is account C: invoice processing.
type InvoiceStack struct {
	awscdk.Stack
	Handler awslambda.Function
}

// NewInvoiceStack creates the function.
func NewInvoiceStack(scope constructs.Construct, id string, props *awscdk.StackProps) *InvoiceStack {
	stack := awscdk.NewStack(scope, &id, props)
	handler := awslambda.NewFunction(stack, jsii.String("InvoiceProcessing"), &awslambda.FunctionProps{
		FunctionName: awscdk.PhysicalName_GENERATE_IF_NEEDED(),
		Runtime:      awslambda.Runtime_NODEJS_24_X(),
		Handler:      jsii.String("index.handler"),
		Code: awslambda.Code_FromInline(
			jsii.String(`exports.handler = async (event) => console.log("invoice for", event.detail);`)),
	})
	return &InvoiceStack{Stack: stack, Handler: handler}
}

const publish = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const client = new EventBridgeClient();
exports.handler = async (order) => client.send(new PutEventsCommand({ Entries: [{
  EventBusName: process.env.EVENT_BUS_ARN,
  Source: 'com.exampleCorp.webStore',
  DetailType: 'newOrderCreated',
  Detail: JSON.stringify(order),
}] }));
`
