import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Page } from '../ui/Page.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { NoticeProvider } from './NoticeProvider.tsx';
import { Shell } from './Shell.tsx';
import { SignIn } from './SignIn.tsx';

/** Lets in who has a session; everybody else is told how to get one. */
export function Root() {
  const session = useQuery(sessionQuery);
  if (session.isPending || session.isError)
    return (
      <main>
        <Page title="Käfer">
          {session.isError ? (
            <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
          ) : (
            <Waiting heights={[]} />
          )}
        </Page>
      </main>
    );
  if (session.data === null) return <SignIn />;
  return (
    <NoticeProvider>
      <Shell />
    </NoticeProvider>
  );
}
