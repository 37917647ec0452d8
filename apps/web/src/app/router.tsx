import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound, ScreenFailure } from './Failures.tsx';
import { Root } from './Root.tsx';
import { Start } from './Start.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const start = createRoute({ getParentRoute: () => root, path: '/', component: Start });

const create = createRoute({
  getParentRoute: () => root,
  path: '/projects/new',
  component: lazyRouteComponent(() => import('../features/create/CreateScreen.tsx'), 'CreateScreen'),
});
const home = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project',
  component: lazyRouteComponent(() => import('../features/home/HomeScreen.tsx'), 'HomeScreen'),
});
const train = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/train',
  component: lazyRouteComponent(() => import('../features/train/TrainScreen.tsx'), 'TrainScreen'),
});
const execute = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/execute',
  component: lazyRouteComponent(() => import('../features/execute/ExecuteScreen.tsx'), 'ExecuteScreen'),
});
const models = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/models',
  component: lazyRouteComponent(() => import('../features/models/ModelsScreen.tsx'), 'ModelsScreen'),
});
const compare = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/models/compare/$a/$b',
  component: lazyRouteComponent(() => import('../features/models/CompareScreen.tsx'), 'CompareScreen'),
});
const model = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/models/$version',
  component: lazyRouteComponent(() => import('../features/models/ModelScreen.tsx'), 'ModelScreen'),
});
const data = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/data',
  component: lazyRouteComponent(() => import('../features/data/DataScreen.tsx'), 'DataScreen'),
});
const recipe = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/recipe',
  component: lazyRouteComponent(() => import('../features/recipe/RecipeScreen.tsx'), 'RecipeScreen'),
});
const feeds = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/feeds',
  component: lazyRouteComponent(() => import('../features/feeds/FeedsScreen.tsx'), 'FeedsScreen'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/settings',
  component: lazyRouteComponent(() => import('../features/settings/SettingsScreen.tsx'), 'SettingsScreen'),
});
const progress = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('../features/progress/ProgressScreen.tsx'), 'ProgressScreen'),
});
const results = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run/results',
  component: lazyRouteComponent(() => import('../features/results/ResultsScreen.tsx'), 'ResultsScreen'),
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('../features/people/PeopleScreen.tsx'), 'PeopleScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    create,
    home,
    train,
    execute,
    models,
    compare,
    model,
    data,
    recipe,
    feeds,
    settings,
    progress,
    results,
    people,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: ScreenFailure,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
