using System.Diagnostics;

namespace OptDsl.Experiments;

/// <summary>Runs systems and holds what they measure against the claims.</summary>
internal static class Verifier
{
    /// <summary>Runs a system at all its seeds, a row as soon as it is measured.</summary>
    /// <exception cref="InvalidOperationException">
    /// A seed left a claim of the system unmeasured, or measured a claim of another.
    /// </exception>
    internal static IEnumerable<VerificationRow> Run(VerificationSystem system, CancellationToken cancellation,
        Action<string>? progress = null, bool small = false)
        => system.Seeds.SelectMany(seed => Run(system, new Trial(seed, null, progress, cancellation) { IsSmall = small }));

    /// <summary>Runs one trial of a system, a row as soon as it is measured.</summary>
    /// <exception cref="InvalidOperationException">A claim of the system was left unmeasured, or one of another was measured.</exception>
    internal static IEnumerable<VerificationRow> Run(VerificationSystem system, Trial trial)
    {
        trial.Cancellation.ThrowIfCancellationRequested();
        var open = Claims.All.Where(claim => claim.System == system.Id).Select(claim => claim.Id).ToHashSet();
        var clock = Stopwatch.StartNew();
        foreach (Measurement measurement in system.Run(trial))
        {
            if (!open.Remove(measurement.ClaimId))
            {
                throw new InvalidOperationException(
                    $"{system.Id} measured '{measurement.ClaimId}', which is no claim of its own or was measured before.");
            }

            yield return new VerificationRow(Claims.Find(measurement.ClaimId), measurement.Value, trial.Seed, clock.Elapsed.TotalSeconds);
            clock.Restart();
        }

        if (open.Count > 0)
        {
            throw new InvalidOperationException($"{system.Id} with seed {trial.Seed} left {string.Join(", ", open)} unmeasured.");
        }
    }
}
