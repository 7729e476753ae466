// From order to invoice: three accounts and one kind of event.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	events "github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go/crossaccounteventbridge"
)

// The whole app: one stack for each of the three accounts.
func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	centralBus := NewCentralBusStack(app, "CentralBus", env("222222222222"))
	NewWebStoreStack(app, "WebStore", env("111111111111"), centralBus.Bus)
	invoices := NewInvoiceStack(app, "Invoices", env("333333333333"))
	centralBus.SendNewOrdersTo(invoices.Handler)
	events.CrossAccountEventChecks_ApplyTo(app, nil)
	app.Synth(nil)
}

func env(account string) *awscdk.StackProps {
	return &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String("us-east-1")},
	}
}
