using OptDsl.Package.Tests;
using Xunit;

// One after another: the builds share the consumer's folder, and the machine.
[assembly: AssemblyFixture(typeof(PackedProject))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
