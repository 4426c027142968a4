using System.Runtime.InteropServices;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>What a step may change: a step that throws must have changed none of it.</content>
internal sealed unsafe partial class RuleRun<T, TRule>
{
    /// <summary>The bytes of parameters, states, counts and observations.</summary>
    private sealed class Content
    {
        private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);

        internal Content(Optimizer<T, TRule> optimizer, IEnumerable<string> observed)
        {
            OptimizerSnapshot<T> snapshot = optimizer.Snapshot();
            values["parameter"] = Bytes<T>(optimizer.Parameters.ReadOnlyValues);
            values["count"] = Bytes<ulong>(
                [(ulong)optimizer.StepCount, (ulong)snapshot.StepCount, snapshot.Attempts, (ulong)optimizer.RefusedCount]);
            foreach (StateSchema state in TRule.Schema.States)
            {
                values[state.Name] = state.Kind switch
                {
                    StateKind.PerParameter => Bytes<T>(optimizer.State[state.Name]),
                    StateKind.Uniform =>
                        Bytes<double>([.. optimizer.Groups.Keys.Select(group => snapshot.GetUniformState(group, state.Name))]),
                    _ => [.. optimizer.Tensors.SelectMany(tensor => Bytes(snapshot.GetTensorState(tensor.Name, state.Name)))],
                };
            }

            foreach (string name in observed.Where(_ => optimizer.Observing && optimizer.StepCount > 0))
            {
                Observation seen = optimizer.GetObservation(name);
                values["observation of " + name] = Bytes<double>([seen.Norm, seen.Min, seen.Max, seen.Mean, seen.NonZeroFraction]);
            }
        }

        /// <summary>The name of something that differs, or null.</summary>
        internal string? Difference(Content other)
            => values.Keys.FirstOrDefault(name => !values[name].AsSpan().SequenceEqual(other.values[name]));

        private static byte[] Bytes<N>(ReadOnlySpan<N> numbers)
            where N : unmanaged
            => MemoryMarshal.AsBytes(numbers).ToArray();
    }

    /// <summary>Whether a member may throw: of a rule that cannot, a copy of everything before each step would be in vain.</summary>
    private bool MayThrow { get; } = spec.Members.Any(member => member.Checks.Count > 0)
        || spec.Carried.Any(carried => carried.Role != MemoryRole.Correction);

    private Content ContentOf(Optimizer<T, TRule> optimizer) => new(optimizer, spec.Observed.Select(observed => observed.Name));
}
